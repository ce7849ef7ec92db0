using System.Diagnostics;
using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;
using Im.Protocol;

namespace Im.Cli.Bench.Room;

/// <summary>
/// Sends numbered broadcasts to rooms in turn, with a bounded number of them under way: the next goes out when all members of its room have the oldest, or, at a rate, when it is due;
/// its latency counts from then. A sender is the last connection of its room and receives nothing of its own; all of them belong to one reactor.
/// </summary>
internal sealed class Broadcaster : IPushSink
{
    /// <summary>Broadcasts under way at most; a power of two.</summary>
    public const int MaxInFlight = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly RoomShape _shape;
    private readonly int _excluded;
    private readonly int _sizeBytes;
    private readonly int[] _remaining = new int[MaxInFlight];
    private readonly LongHistogram[] _latency;
    private Crowd _crowd = null!;
    private DeliveryBook _book;
    private BroadcastPace _pace = new(1);
    private long _startedAt;
    private int _first;
    private int _end;
    private int _sent;
    private int _completed;
    private long _deliveries;
    private long _lastDeliveryAt;
    private string? _refusal;

    /// <param name="excluded">A receiver that need not have a broadcast for the next to go out, or −1.</param>
    public Broadcaster(RoomShape shape, int sizeBytes, int threads, int excluded = -1)
    {
        _shape = shape;
        _sizeBytes = sizeBytes;
        _excluded = excluded;
        _latency = [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
        _book = new DeliveryBook(shape.Connections, 0);
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Completed => Volatile.Read(ref _completed);

    /// <summary>Deliveries since the last <see cref="RunAsync"/> began.</summary>
    public long Deliveries => Interlocked.Read(ref _deliveries);

    /// <summary>First loss of a connection since the start: which, why and when (stopwatch).</summary>
    public (int Index, string Cause, long At)? FirstLoss { get; private set; }

    public void Use(Crowd crowd) => _crowd = crowd;

    /// <summary>Sends so many broadcasts and waits until all receivers have all of them, or nothing has come for 15 s.</summary>
    /// <param name="stop">Ends the sending early; what is under way is still awaited.</param>
    /// <exception cref="BenchException">The server refused a broadcast, or the load client failed.</exception>
    public async Task<BroadcastResult> RunAsync(int count, BroadcastPace pace, Func<bool>? stop, IProgress<int>? progress, CancellationToken cancellation)
    {
        var first = _sent;
        foreach (var histogram in _latency) histogram.Reset();
        _book = new DeliveryBook(_shape.Connections, index => _shape.CountOf(_shape.RoomOf(index), first));
        _deliveries = 0;
        var started = Stopwatch.GetTimestamp();
        _lastDeliveryAt = started;
        (_pace, _startedAt, _first) = (pace, started, first);
        Volatile.Write(ref _end, first + count);
        _crowd.Reactors[SenderReactor].Post(SendMore);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (Completed < Volatile.Read(ref _end))
        {
            await timer.WaitForNextTickAsync(cancellation);
            _crowd.ThrowIfFaulted();
            if (_refusal is not null) throw new BenchException(Say.It($"The server refused a broadcast: {_refusal}.", $"服务器拒绝了广播：{_refusal}。"));
            if (stop?.Invoke() == true) Interlocked.Exchange(ref _end, Sent);
            progress?.Report(Completed - first);
            if (Stopwatch.GetElapsedTime(Interlocked.Read(ref _lastDeliveryAt)) > Patience) break;
        }
        progress?.Report(count);
        return new BroadcastResult(
            Sent - first,
            Interlocked.Read(ref _deliveries),
            Stopwatch.GetElapsedTime(started, Interlocked.Read(ref _lastDeliveryAt)),
            _book.Close(index => _shape.CountOf(_shape.RoomOf(index), Sent), index => index != _excluded && !_shape.IsSender(index)),
            Latencies.Merge(_latency).Summarize());
    }

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind == WireKind.Sent)
        {
            if (push.Code != 200) _refusal = $"{push.Code} {((ReplyCode)push.Code).Text()}";
            return;
        }
        if (push.Kind != WireKind.Broadcast || _shape.IsSender(connection.Index) || !_book.Note(connection.Index, push.Number / _shape.Rooms)) return;
        if (connection.Index == _excluded) return;
        _latency[_crowd.ReactorOf(connection.Index)].RecordTicks(Marker.At(now) - push.SentAt);
        Interlocked.Increment(ref _deliveries);
        if (Interlocked.Decrement(ref _remaining[push.Number & (MaxInFlight - 1)]) > 0) return;
        Interlocked.Exchange(ref _lastDeliveryAt, now);
        Interlocked.Increment(ref _completed);
        _crowd.Reactors[SenderReactor].Post(SendMore);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => FirstLoss ??= (connection.Index, cause, now);

    public void OnTurn(int reactor, long now)
    {
        if (_pace.Rate > 0 && reactor == SenderReactor) SendMore();
    }

    private int SenderReactor => _crowd.ReactorOf(_shape.SenderOf(0));

    /// <summary>On the senders' reactor.</summary>
    private void SendMore()
    {
        while (_sent < Volatile.Read(ref _end) && _sent - Completed < _pace.InFlight && DueAt(_sent) is var due && due <= Stopwatch.GetTimestamp())
        {
            _remaining[_sent & (MaxInFlight - 1)] = _excluded >= 0 ? _shape.Members - 1 : _shape.Members;
            var number = _sent;
            Interlocked.Increment(ref _sent);
            _crowd.SendBroadcast(_crowd[_shape.SenderOf(number % _shape.Rooms)], number, _pace.Rate > 0 ? Marker.At(due) : Marker.Now, _sizeBytes);
        }
    }

    private long DueAt(int number) => _pace.Rate == 0 ? 0 : _startedAt + (number - _first) * Stopwatch.Frequency / _pace.Rate;
}

/// <summary>How broadcasts follow each other.</summary>
/// <param name="InFlight">So many under way at most.</param>
/// <param name="Rate">So many a second; 0: as fast as that allows.</param>
internal readonly record struct BroadcastPace(int InFlight, int Rate = 0)
{
    /// <summary>At a rate, whatever is still under way.</summary>
    public static BroadcastPace At(int rate) => new(Broadcaster.MaxInFlight, rate);

    /// <summary>For people.</summary>
    public override string ToString() => Rate > 0 ? Say.It($"{Rate} a second", $"每秒 {Rate} 条") : Say.It($"{InFlight} in flight", $"并发 {InFlight}");
}

/// <param name="Elapsed">From the first send to the moment the last broadcast was complete.</param>
internal sealed record BroadcastResult(int Sent, long Deliveries, TimeSpan Elapsed, DeliveryFaults Faults, LatencySummary Latency)
{
    public double PerSecond => Elapsed > TimeSpan.Zero ? Deliveries / Elapsed.TotalSeconds : 0;
}
