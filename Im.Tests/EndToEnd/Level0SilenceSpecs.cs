using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>The seed's six minutes, shortened to three seconds of a clock that the test moves: how long a busy machine takes decides nothing.</summary>
public sealed class Level0SilenceSpecs : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly Level0Node _node;

    public Level0SilenceSpecs() => _node = new(builder => builder.Services.AddSingleton<TimeProvider>(_time), "--Im:WebSocket:SilenceTimeout=00:00:03");

    public Task InitializeAsync() => _node.InitializeAsync();

    public async Task DisposeAsync()
    {
        var stopping = _node.DisposeAsync();
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return stopping.IsCompleted;
        });
        await stopping;
    }

    [Fact]
    public async Task Should_close_who_is_silent_and_keep_who_speaks()
    {
        await using var visitor = await ChatSocket.ConnectAsync(_node.WebSocket);
        await using var silent = await ChatSocket.LogInAsync(_node.WebSocket, 101, "silent");
        await using var speaking = await ChatSocket.LogInAsync(_node.WebSocket, 101, "speaking");
        var closed = Task.WhenAll(UntilClosedAsync(visitor), UntilClosedAsync(silent));

        // Speaks ten times a second: well within the silence time-out, and within the rate of a connection.
        var frames = new List<string>();
        await Until.TrueAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            frames.AddRange(await speaking.DrainAsync());
            return closed.IsCompleted && frames.Exists(static frame => frame.Contains("\"exit\"", StringComparison.Ordinal));
        });

        await closed;

        frames.Single(static frame => frame.Contains("\"exit\"", StringComparison.Ordinal)).ShouldContain("\"from\":\"silent\"");
        (await speaking.DrainAsync()).ShouldBeEmpty();
    }

    private static async Task UntilClosedAsync(ChatSocket socket)
    {
        while (await socket.ReceiveAsync() is not null)
        {
        }
    }
}
