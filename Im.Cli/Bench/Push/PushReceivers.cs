using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Push;

/// <summary>The users' end: every one checks that its pushes come once and in order.</summary>
internal sealed class PushReceivers(int users, int threads) : IPushSink
{
    private readonly DeliveryBook _book = new(users, 0);
    private LongHistogram[] _latency = Fresh(threads);
    private long _received;

    /// <summary>Pushes that arrived, each once.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Connections that ended.</summary>
    public int Lost { get; private set; }

    /// <summary>From the time that a push counts from until its user has read it, since <see cref="Begin"/>.</summary>
    public LatencySummary Latency => Latencies.Merge(_latency).Summarize();

    /// <summary>Begins a pass; nothing may be under way.</summary>
    public void Begin() => Volatile.Write(ref _latency, Fresh(threads));

    /// <param name="sent">What each user should have by now.</param>
    public DeliveryFaults Check(IReadOnlyList<int> sent) => _book.Close(sent);

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind != WireKind.Broadcast || !_book.Note(connection.Index, push.Number)) return;
        Volatile.Read(ref _latency)[connection.Index % threads].RecordTicks(Marker.At(now) - push.SentAt);
        Interlocked.Increment(ref _received);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;

    private static LongHistogram[] Fresh(int threads) => [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
}
