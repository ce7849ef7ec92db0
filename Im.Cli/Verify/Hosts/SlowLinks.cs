using System.Net;
using System.Net.Sockets;

namespace Im.Cli.Verify.Hosts;

/// <summary>
/// While this is there, every connection between nodes passes a relay that holds each piece back for 200 to 600 ms, in order, and now and then
/// for a second more, as a lost packet does. In a node's namespace the addresses of the others are put on the loopback device, where the
/// relay listens; it reaches the others by second addresses. Connections from before break when it comes, and those through it when it goes.
/// </summary>
internal sealed class SlowLinks : IAsyncDisposable
{
    private const int ClusterPort = 4053;

    private readonly NodeNetwork _network;
    private readonly List<(int In, int To)> _diverted = [];
    private readonly List<Socket> _listeners = [];
    private readonly HashSet<Socket> _sockets = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Random _random;
    private int _stalls;

    private SlowLinks(NodeNetwork network, int seed)
    {
        _network = network;
        _random = new Random(seed);
    }

    /// <summary>Pieces that were held back for longer, as if lost once.</summary>
    public int Stalls => Volatile.Read(ref _stalls);

    public static async Task<SlowLinks> PutAsync(NodeNetwork network, int count, int seed)
    {
        var links = new SlowLinks(network, seed);
        for (var node = 0; node < count; node++)
        {
            for (var to = 0; to < count; to++) if (to != node) await links.DivertAsync(node, to);
        }
        return links;
    }

    public async ValueTask DisposeAsync()
    {
        // The connections first: without their address nothing would tell the nodes that they are over, and these would send into them for minutes.
        await _end.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        lock (_lock) foreach (var socket in _sockets) socket.Dispose();
        await Task.WhenAll(_diverted.Select(pair => _network.RestoreAsync(pair.In, pair.To)));
        _end.Dispose();
    }

    private async Task DivertAsync(int node, int to)
    {
        await _network.DivertAsync(node, to);
        _diverted.Add((node, to));
        var listener = NamespaceSockets.Make(_network.NameOf(node));
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Parse(_network.AddressOf(to)), ClusterPort));
        listener.Listen();
        _listeners.Add(listener);
        _ = AcceptAsync(listener, node, to);
    }

    private async Task AcceptAsync(Socket listener, int node, int to)
    {
        try
        {
            while (true) _ = RelayAsync(await listener.AcceptAsync(_end.Token), node, to);
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The links are whole again.
        }
    }

    private async Task RelayAsync(Socket near, int node, int to)
    {
        var far = NamespaceSockets.Make(_network.NameOf(node));
        lock (_lock) _sockets.UnionWith([near, far]);
        try
        {
            far.Bind(new IPEndPoint(IPAddress.Parse(_network.SecondAddressOf(node)), 0));
            await far.ConnectAsync(new IPEndPoint(IPAddress.Parse(_network.SecondAddressOf(to)), ClusterPort), _end.Token);
            await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node is away, or the links are whole again.
        }
        finally
        {
            lock (_lock) _sockets.ExceptWith([near, far]);
            near.Dispose();
            far.Dispose();
        }
    }

    /// <summary>Reads at once and writes when the time of each piece has come; a piece never overtakes another.</summary>
    private async Task PassAsync(Socket from, Socket to)
    {
        var pieces = System.Threading.Channels.Channel.CreateBounded<(byte[] Bytes, long Due)>(1024);
        var writing = WriteAsync(pieces.Reader, to);
        var buffer = new byte[64 * 1024];
        long last = 0;
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer, _end.Token)) > 0;)
            {
                last = Math.Max(last, Environment.TickCount64 + DelayMs());
                await pieces.Writer.WriteAsync((buffer[..count], last), _end.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
        pieces.Writer.TryComplete();
        await writing;
    }

    private async Task WriteAsync(System.Threading.Channels.ChannelReader<(byte[] Bytes, long Due)> pieces, Socket to)
    {
        try
        {
            await foreach (var (bytes, due) in pieces.ReadAllAsync(_end.Token))
            {
                if (due - Environment.TickCount64 is > 0 and var wait) await Task.Delay((int)wait, _end.Token);
                for (var sent = 0; sent < bytes.Length;) sent += await to.SendAsync(bytes.AsMemory(sent), _end.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side has gone.
        }
    }

    private int DelayMs()
    {
        lock (_random)
        {
            var delay = _random.Next(200, 600);
            if (_random.Next(20) != 0) return delay;
            Interlocked.Increment(ref _stalls);
            return delay + 1000;
        }
    }
}
