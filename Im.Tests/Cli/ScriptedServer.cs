using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Cli.Bench.Engine;

namespace Im.Tests.Cli;

/// <summary>A WebSocket server of a few lines: upgrades every connection with the right key, hands each of them to a script, and keeps what the client sent.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="script">Runs once per connection after the upgrade.</param>
    public ScriptedServer(Func<ScriptedConnection, Task> script, bool accept = true)
    {
        _listener.Start();
        _accepting = AcceptAsync(script, accept);
    }

    public Uri Url => new($"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/acc");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<ScriptedConnection, Task> script, bool accept)
    {
        var serving = new List<Task>();
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token), script, accept));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client, Func<ScriptedConnection, Task> script, bool accept)
    {
        using (client)
        {
            client.NoDelay = true;
            var stream = client.GetStream();
            try
            {
                var head = new StringBuilder();
                var one = new byte[1];
                while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    if (await stream.ReadAsync(one, _stop.Token) == 0) return;
                    head.Append((char)one[0]);
                }
                if (!accept)
                {
                    await stream.WriteAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
                    return;
                }
                var key = head.ToString().Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key:", StringComparison.Ordinal))[18..].Trim();
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {ClientHandshake.AcceptFor(key)}\r\n\r\n"),
                    _stop.Token);
                await script(new ScriptedConnection(stream, _stop.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                // The client or the test is through.
            }
        }
    }
}
