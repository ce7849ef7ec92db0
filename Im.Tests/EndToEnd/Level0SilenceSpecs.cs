using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>The seed's six minutes, shortened to three seconds.</summary>
public sealed class Level0SilenceSpecs : IAsyncLifetime
{
    private readonly Level0Node _node = new("--Im:WebSocket:SilenceTimeout=00:00:03");

    public Task InitializeAsync() => _node.InitializeAsync();

    public Task DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Should_close_who_is_silent_and_keep_who_speaks()
    {
        await using var visitor = await ChatSocket.ConnectAsync(_node.WebSocket);
        await using var silent = await ChatSocket.LogInAsync(_node.WebSocket, 101, "silent");
        await using var speaking = await ChatSocket.LogInAsync(_node.WebSocket, 101, "speaking");
        var closed = Task.WhenAll(UntilClosedAsync(visitor), UntilClosedAsync(silent));

        // Speaks ten times a second: well within the silence time-out, and within the rate of a connection.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var frames = new List<string>();
        while (!closed.IsCompleted || !frames.Exists(static frame => frame.Contains("\"exit\"", StringComparison.Ordinal)))
        {
            await pace.WaitForNextTickAsync();
            frames.AddRange(await speaking.DrainAsync());
        }

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
