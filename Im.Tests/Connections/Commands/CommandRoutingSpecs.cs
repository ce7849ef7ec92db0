using Im.Actors.Connections;
using Im.Actors.Connections.Draining;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections.Commands;

[Collection(ActorNodeTests.Name)]
public sealed class CommandRoutingSpecs : IAsyncLifetime
{
    private static readonly ConnectionLimits Limits = new() { MessageMaxBytes = 1_000, CommandsBurstCount = 200, CommandsPerSecond = 1 };

    private readonly SlowHandler _slow = new();
    private ActorNode _node = null!;

    public async Task InitializeAsync() => _node = await ActorNode.StartAsync(
        Limits,
        more: [new ReverseHandler(), new ThrowingHandler(), _slow]);

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_serve_a_new_command_through_the_whole_flow_when_one_class_was_registered()
    {
        var client = _node.Connect();
        (await client.AskAsync("1", "reverse", "\"abc\"")).Code.ShouldBe(1000);
        await client.LoginLevel0Async("new-command");

        (await client.AskAsync("2", "reverse", "\"abc\"")).Data.GetString().ShouldBe("cba");
    }

    [Fact]
    public async Task Should_close_only_its_own_connection_with_1011_and_leave_nothing_when_a_handler_throws()
    {
        var other = await _node.Level0Async("calm");
        var client = await _node.Level0Async("unlucky");
        await other.NextPushAsync("enter");

        client.Send("1", "throw");

        (await client.ClosedAsync()).ShouldBe(1011);
        (await other.NextPushAsync("exit")).From.ShouldBe("unlucky");
        (await other.AskAsync("1", "ping")).Code.ShouldBe(200);
        await Until.TrueAsync(() => _node.Hub.Table.Count == 1 && _node.Actors.LoggedIn == 1 && _node.Actors.Sessions == 1 && _node.ConnectionActorsCount() == 1);
    }

    [Fact]
    public async Task Should_close_with_1009_when_a_message_is_too_large()
    {
        var client = _node.Connect();

        client.Send(new string('x', 1_001));

        (await client.ClosedAsync()).ShouldBe(1009);
    }

    [Fact]
    public async Task Should_answer_1015_when_a_client_is_over_its_rate()
    {
        await using var node = await ActorNode.StartAsync(Limits, time: new FakeTimeProvider());
        var client = node.Connect();
        for (var i = 0; i < 201; i++) client.Send($"{i}", "ping");

        (await client.NextAsync(message => message.Code == 1015)).Seq.ShouldBe("200");
    }

    [Fact]
    public async Task Should_pause_at_64_unanswered_and_answer_in_order_when_it_goes_on()
    {
        var client = _node.Connect();
        client.Send("slow", "slow").ShouldBeTrue();
        for (var i = 1; i < 63; i++) client.Send($"{i}", "ping").ShouldBeTrue();
        client.Send("63", "ping").ShouldBeFalse();
        await Until.TrueAsync(() => _slow.OpenCount == 1);

        _slow.AnswerAll();

        (await client.NextAsync(_ => true)).Seq.ShouldBe("slow");
        for (var i = 1; i <= 63; i++) (await client.NextAsync(_ => true)).Seq.ShouldBe($"{i}");
        client.Transport.ResumesCount.ShouldBe(1);
    }

    [Fact]
    public async Task Should_answer_what_is_in_flight_then_close_when_the_node_drains()
    {
        var level2 = await _node.Level2Async("drain-2", "device-drain");
        var level0 = await _node.Level0Async("drain-0");
        var silent = _node.Connect();
        level2.Send("slow", "slow");
        await Until.TrueAsync(() => _slow.OpenCount == 1);

        var draining = _node.Hub.DrainAsync(new DrainPace(TimeSpan.FromSeconds(1), 500), CancellationToken.None);
        (await level2.NextPushAsync("goaway")).Data.GetProperty("reason").GetString().ShouldBe("drain");
        (await level0.ClosedAsync()).ShouldBe(1001);
        (await silent.ClosedAsync()).ShouldBe(1001);
        _node.Hub.TryReserve().ShouldBeFalse();
        level2.Slot.IsClosing.ShouldBeFalse();
        _slow.AnswerAll();

        (await level2.NextAsync(message => message.Cmd == "slow")).Code.ShouldBe(200);
        (await level2.ClosedAsync()).ShouldBe(4200);
        await draining;
        _node.Hub.Table.Count.ShouldBe(0);
    }
}
