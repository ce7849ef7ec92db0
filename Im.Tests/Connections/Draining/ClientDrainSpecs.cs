using Im.Actors.Administration;
using Im.Actors.Connections.Draining;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections.Draining;

/// <summary>Connections that are let go two a second, by a clock that the test moves.</summary>
[Collection(ActorNodeTests.Name)]
public sealed class ClientDrainSpecs : IAsyncLifetime
{
    private static readonly DrainPace Pace = new(TimeSpan.FromSeconds(4), PerSecond: 2);

    private readonly FakeTimeProvider _time = new();
    private ActorNode _node = null!;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync(time: _time);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_serve_each_client_until_its_slot_is_over_and_close_who_is_left_then()
    {
        var clients = new List<MemoryClient>();
        for (var i = 0; i < 4; i++) clients.Add(await _node.Level2Async($"slot-{i}", $"device-slot-{i}"));

        var drain = _node.Hub.DrainAsync(Pace, CancellationToken.None);

        (await clients[0].NextPushAsync("goaway")).Data.GetProperty("afterMs").GetInt32().ShouldBe(1_000);
        await clients[1].NextPushAsync("goaway");
        (await clients[0].AskAsync("served", "ping")).Code.ShouldBe(200);
        await Task.WhenAll(clients.Skip(2).Select(client => client.AskAsync("p", "ping")));
        clients.Skip(2).ShouldAllBe(client => client.Count(message => message.Cmd == "goaway") == 0);
        _node.Hub.Drain.ShouldBe(new DrainProgress(4, 4));
        clients[0].Cut();
        await clients[0].ClosedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await clients[1].ClosedAsync()).ShouldBe(4200);
        await clients[2].NextPushAsync("goaway");
        await clients[3].NextPushAsync("goaway");
        clients[2].Slot.IsClosing.ShouldBeFalse();
        await Until.TrueAsync(() => _node.Hub.Drain == new DrainProgress(4, 2));
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var client in clients.Skip(2)) (await client.ClosedAsync()).ShouldBe(4200);
        await EndsAsync(drain);
        clients.ShouldAllBe(client => client.Count(message => message.Cmd == "goaway") == 1);
        _node.Hub.Drain.ShouldBe(new DrainProgress(4, 0));
    }

    [Fact]
    public async Task Should_close_who_knows_no_goaway_one_after_the_other_within_the_slot()
    {
        var first = await _node.Level0Async("old-0");
        var silent = _node.Connect();

        var drain = _node.Hub.DrainAsync(Pace, CancellationToken.None);

        (await first.ClosedAsync()).ShouldBe(1001);
        silent.Slot.IsClosing.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.5));
        (await silent.ClosedAsync()).ShouldBe(1001);
        await EndsAsync(drain);
    }

    [Fact]
    public async Task Should_be_done_as_soon_as_all_have_left()
    {
        var clients = new List<MemoryClient>();
        for (var i = 0; i < 4; i++) clients.Add(await _node.Level2Async($"left-{i}", $"device-left-{i}"));
        var begun = _time.GetTimestamp();
        var drain = _node.Hub.DrainAsync(Pace, CancellationToken.None);

        foreach (var client in clients) client.Cut();
        await Until.TrueAsync(() => _node.Hub.Table.Count == 0);

        _time.Advance(TimeSpan.FromMilliseconds(100));
        await drain.WaitAsync(TimeSpan.FromMinutes(1));
        _time.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Should_cut_off_who_is_left_when_its_time_is_over()
    {
        var client = await _node.Level2Async("stays", "device-stays");
        client.Slot.Hold();
        using var over = new CancellationTokenSource();
        var drain = _node.Hub.DrainAsync(Pace, over.Token);

        await over.CancelAsync();

        await drain;
        await Until.TrueAsync(() => _node.Hub.Table.Count == 0);
        client.Transport.AbortsCount.ShouldBe(1);
    }

    /// <summary>Moves the clock, a tick of the drain at a time.</summary>
    private Task EndsAsync(Task drain) => Until.TrueAsync(() =>
    {
        if (!drain.IsCompleted) _time.Advance(TimeSpan.FromMilliseconds(1));
        return drain.IsCompletedSuccessfully;
    });
}
