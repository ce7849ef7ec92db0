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
/// Sends numbered broadcasts with a bounded number of them under way: the next goes out when all receivers have the oldest. The sender is the last connection of the crowd and
/// receives nothing of its own.
/// </summary>
internal sealed class Broadcaster : IPushSink
{
    /// <summary>Broadcasts under way at most; a power of two.</summary>
    public const int MaxInFlight = 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly int _receivers;
    private readonly int _excluded;
    private readonly int _sizeBytes;
    private readonly int[] _remaining = new int[MaxInFlight];
    private readonly LongHistogram[] _latency;
    private Crowd _crowd = null!;
    private DeliveryBook _book;
    private int _inFlight;
    private int _end;
    private int _sent;
    private int _completed;
    private long _deliveries;
    private long _lastDeliveryAt;
    private string? _refusal;

    /// <param name="excluded">A receiver that need not have a broadcast for the next to go out, or −1.</param>
    public Broadcaster(int receivers, int sizeBytes, int threads, int excluded = -1)
    {
        _receivers = receivers;
        _sizeBytes = sizeBytes;
        _excluded = excluded;
        _latency = [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
        _book = new DeliveryBook(receivers, 0);
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Completed => Volatile.Read(ref _completed);

    /// <summary>First loss of a connection since the start: which, why and when (stopwatch).</summary>
    public (int Index, string Cause, long At)? FirstLoss { get; private set; }

    public void Use(Crowd crowd) => _crowd = crowd;

    /// <summary>Sends so many broadcasts and waits until all receivers have all of them, or nothing has come for 15 s.</summary>
    /// <param name="stop">Ends the sending early; what is under way is still awaited.</param>
    /// <exception cref="BenchException">The server refused a broadcast, or the load client failed.</exception>
    public async Task<BroadcastResult> RunAsync(int count, int inFlight, Func<bool>? stop, IProgress<int>? progress, CancellationToken cancellation)
    {
        var first = _sent;
        foreach (var histogram in _latency) histogram.Reset();
        _book = new DeliveryBook(_receivers, first);
        _inFlight = inFlight;
        _end = first + count;
        _deliveries = 0;
        var started = Stopwatch.GetTimestamp();
        _lastDeliveryAt = started;
        var sender = _crowd[_receivers];
        var reactor = _crowd.Reactors[_crowd.ReactorOf(sender.Index)];
        reactor.Post(SendMore);
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
            _book.Close(Sent, _excluded),
            Latencies.Merge(_latency).Summarize());
    }

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind == WireKind.Sent)
        {
            if (push.Code != 200) _refusal = $"{push.Code} {((ReplyCode)push.Code).Text()}";
            return;
        }
        if (push.Kind != WireKind.Broadcast || connection.Index >= _receivers || !_book.Note(connection.Index, push.Number)) return;
        if (connection.Index == _excluded) return;
        _latency[_crowd.ReactorOf(connection.Index)].RecordTicks(Marker.At(now) - push.SentAt);
        Interlocked.Increment(ref _deliveries);
        if (Interlocked.Decrement(ref _remaining[push.Number & (MaxInFlight - 1)]) > 0) return;
        Interlocked.Exchange(ref _lastDeliveryAt, now);
        Interlocked.Increment(ref _completed);
        _crowd.Reactors[_crowd.ReactorOf(_receivers)].Post(SendMore);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => FirstLoss ??= (connection.Index, cause, now);

    /// <summary>On the sender's reactor.</summary>
    private void SendMore()
    {
        while (_sent < Volatile.Read(ref _end) && _sent - Completed < _inFlight)
        {
            _remaining[_sent & (MaxInFlight - 1)] = _excluded >= 0 ? _receivers - 1 : _receivers;
            var number = _sent;
            Interlocked.Increment(ref _sent);
            _crowd.SendBroadcast(_crowd[_receivers], number, _sizeBytes);
        }
    }
}

/// <param name="Elapsed">From the first send to the moment the last broadcast was complete.</param>
internal sealed record BroadcastResult(int Sent, long Deliveries, TimeSpan Elapsed, DeliveryFaults Faults, LatencySummary Latency)
{
    public double PerSecond => Elapsed > TimeSpan.Zero ? Deliveries / Elapsed.TotalSeconds : 0;
}
