using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Mixed;

/// <summary>Broadcasts at a rate into one room, whose members check and time each from when it was due. The sender is the last connection of the crowd and receives nothing of its own.</summary>
internal sealed class RoomLoad(int members, int sizeBytes, int threads) : IPushSink
{
    private readonly DeliveryBook _book = new(members, 0);
    private readonly LongHistogram[] _latency = [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
    private readonly int[] _refused = new int[2000];
    private Crowd _crowd = null!;
    private volatile LoadPass? _pass;
    private long _deliveries;
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>Answers to the sender that were no 200.</summary>
    public int Refused => _refused.Sum();

    /// <summary>Connections that ended.</summary>
    public int Lost { get; private set; }

    public LatencySummary Latency => Latencies.Merge(_latency).Summarize();

    public DeliveryFaults Faults => _book.Close(Sent);

    /// <summary>Every member has all that was sent.</summary>
    public bool IsComplete => Deliveries >= (long)Sent * members;

    public void Use(Crowd crowd) => _crowd = crowd;

    public void Begin(LoadPass pass) => _pass = pass;

    public void End() => _pass = null;

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind == WireKind.Sent)
        {
            if (push.Code != 200) _refused[Math.Clamp(push.Code, 0, _refused.Length - 1)]++;
            return;
        }

        if (push.Kind != WireKind.Broadcast || connection.Index >= members || !_book.Note(connection.Index, push.Number)) return;
        _latency[_crowd.ReactorOf(connection.Index)].RecordTicks(Marker.At(now) - push.SentAt);
        Interlocked.Increment(ref _deliveries);
    }

    public void OnTurn(int reactor, long now)
    {
        if (_pass is null || reactor != _crowd.ReactorOf(members)) return;
        while (_pass is { } pass && pass.DueAt(0, _sent) is var due && due <= now)
        {
            _crowd.SendBroadcast(_crowd[members], _sent, Marker.At(due), sizeBytes);
            Interlocked.Increment(ref _sent);
        }
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;
}
