using System.Net;
using System.Net.Sockets;

namespace Im.Tests.Storage.Postgres;

/// <summary>What the relay does when it sees a COMMIT on its way to the server.</summary>
internal enum AtCommit
{
    Pass,

    /// <summary>The connection ends before the server has got it.</summary>
    CutBefore,

    /// <summary>The server gets it, and its answer is lost with the connection.</summary>
    CutAfter,
}

/// <summary>A relay between a store and PostgreSQL on the level of TCP. It can also go silent, as a frozen server does.</summary>
internal sealed class CommitRelay : IAsyncDisposable
{
    /// <summary>The whole statement: that a transaction is begun as READ COMMITTED is no commit.</summary>
    private static readonly byte[] Commit = "COMMIT\0"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Task _accepting;

    public CommitRelay(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public volatile AtCommit AtCommit;

    /// <summary>Nothing passes while it is set; connections stay open.</summary>
    public volatile bool IsSilent;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                var link = new Link();
                await Task.WhenAny(ToServerAsync(client.GetStream(), server.GetStream(), link), ToClientAsync(server.GetStream(), client.GetStream(), link));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
                // The server is away, or the test is over.
            }
        }
    }

    private async Task ToServerAsync(NetworkStream client, NetworkStream server, Link link)
    {
        var buffer = new byte[64 * 1024];
        for (int count; (count = await ReadAsync(client, buffer)) > 0;)
        {
            var mode = buffer.AsSpan(0, count).IndexOf(Commit) >= 0 ? AtCommit : AtCommit.Pass;
            if (mode == AtCommit.CutBefore) return;
            link.EndsAtAnswer |= mode == AtCommit.CutAfter;
            await server.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
        }
    }

    private async Task ToClientAsync(NetworkStream server, NetworkStream client, Link link)
    {
        var buffer = new byte[64 * 1024];
        for (int count; (count = await ReadAsync(server, buffer)) > 0 && !link.EndsAtAnswer;) await client.WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
    }

    private async Task<int> ReadAsync(NetworkStream from, byte[] buffer)
    {
        try
        {
            var count = await from.ReadAsync(buffer, _stopping.Token);
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (IsSilent) await pause.WaitForNextTickAsync(_stopping.Token);
            return count;
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>One connection: once its COMMIT has gone out, the answer to it ends it.</summary>
    private sealed class Link
    {
        public volatile bool EndsAtAnswer;
    }
}
