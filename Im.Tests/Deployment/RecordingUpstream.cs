using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Tests.Deployment;

/// <summary>Stands for a node behind nginx: keeps the head of each request as it came and answers all of them alike, or resets.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    public const string Switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    public const string Unavailable = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    public const string Reset = "";

    /// <summary>None, as of a frozen process whose kernel goes on accepting.</summary>
    public const string Silence = "silence";

    private const string Question = "GET /readyz HTTP/1.1\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _heads = new();
    private readonly Task _accepting;
    private bool _disposed;

    public RecordingUpstream()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The whole answer on the wire; <see cref="Reset"/> ends the connection once the request is there.</summary>
    public string Answer { get; set; } = Ok;

    /// <summary>The heads so far, but those of the door's own question before it sends a client.</summary>
    public IReadOnlyList<string> Heads => [.. _heads.Where(head => !IsQuestion(head))];

    /// <summary>Those in which the door asks whether a client would be taken.</summary>
    public IReadOnlyList<string> Questions => [.. _heads.Where(IsQuestion)];

    /// <summary>Refuses connections from now on. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private static bool IsQuestion(string head) => head.StartsWith(Question, StringComparison.Ordinal);

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var head = new StringBuilder();
        var buffer = new byte[8192];
        using (client)
        {
            try
            {
                for (int count; (count = await client.GetStream().ReadAsync(buffer, _stopping.Token)) > 0;)
                {
                    head.Append(Encoding.ASCII.GetString(buffer, 0, count));
                    if (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)) continue;
                    var request = head.ToString();
                    _heads.Enqueue(request);
                    head.Clear();
                    var answer = IsQuestion(request) && Answer == Switching ? Ok : Answer;
                    if (answer == Silence) continue;
                    if (answer == Reset)
                    {
                        client.LingerState = new LingerOption(true, 0);
                        return;
                    }

                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), _stopping.Token);
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // The door closed it.
            }
        }
    }
}
