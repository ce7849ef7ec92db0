using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;

namespace Im.Actors.Telemetry;

/// <summary>
/// Every instrument of the broker. Tags have few values that are known beforehand, never a user, room or connection.
/// docs/metrics.md is the same list for operators, and a test compares them.
/// </summary>
public static class ImMetrics
{
    public const string MeterName = "Im.Broker";

    /// <summary>The instrument with two tags, so with the most series.</summary>
    public const string CommandsName = "im.commands";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Commands = Meter.CreateCounter<long>(CommandsName, "{command}", "Commands answered, by command and reply code.");
    private static readonly Counter<long> ReceivedFrames = Meter.CreateCounter<long>("im.received.messages", "{message}", "WebSocket messages from clients.");
    private static readonly Counter<long> ReceivedBytes = Meter.CreateCounter<long>("im.received", "By", "Bytes of those messages.");
    private static readonly Counter<long> SentFrames = Meter.CreateCounter<long>("im.sent.messages", "{message}", "WebSocket messages taken by the sockets of clients.");
    private static readonly Counter<long> SentBytes = Meter.CreateCounter<long>("im.sent", "By", "Bytes of those messages.");
    private static readonly Counter<long> SlowReaders = Meter.CreateCounter<long>("im.slow_readers", "{event}", "A delivery that did not fit, by what followed: sync or close.");
    private static readonly Counter<long> Closes = Meter.CreateCounter<long>("im.closes", "{connection}", "Connections ended, by close code.");
    private static readonly Counter<long> Handshakes = Meter.CreateCounter<long>("im.handshakes.refused", "{handshake}", "Upgrades refused, by HTTP status.");
    private static readonly Counter<long> NodeRefusals = Meter.CreateCounter<long>("im.cluster.refused", "{connection}", "Connections to the cluster port that did not prove to be a node's.");
    private static readonly Counter<long> DeadLetters = Meter.CreateCounter<long>("im.dead_letters", "{message}", "Messages to actors that were gone.");
    private static readonly Counter<long> Pushes = Meter.CreateCounter<long>("im.pushes", "{push}", "Pushes to users through the ingress API, by the state answered.");

    private static readonly Counter<long> RelayGaps = Meter.CreateCounter<long>("im.relay.gaps", "{gap}", "Holes that pub-sub left in a conversation on this node, by what became of them: found, filled or sync.");

    private static readonly Counter<long> UnsureStarts = Meter.CreateCounter<long>("im.sessions.unsure", "{session}", "Sessions that started without knowing all connections of their user, since a node was silent.");
    private static readonly Counter<long> GateClosures = Meter.CreateCounter<long>("im.gate.closures", "{closure}", "Times that the node stood still and took nothing until the others confirmed it.");
    private static readonly Counter<double> GateTime = Meter.CreateCounter<double>("im.gate.closed", "s", "Time for which it took nothing.");
    private static readonly Counter<long> CursorsAhead = Meter.CreateCounter<long>("im.cursors.ahead", "{cursor}", "Cursors of clients above the head of their epoch, by what became of them: epoch or reader.");
    private static readonly Counter<long> LinkMessages = Meter.CreateCounter<long>("im.link.messages", "{message}", "Messages that left in batches for another node, by node.");
    private static readonly Counter<long> LinkBatches = Meter.CreateCounter<long>("im.link.batches", "{batch}", "Those batches.");
    private static readonly Counter<long> LinkBytes = Meter.CreateCounter<long>("im.link.sent", "By", "Bytes of those batches.");
    private static readonly Counter<long> LinkRefusals = Meter.CreateCounter<long>("im.link.refused", "{message}", "Messages that a full link did not take.");
    private static readonly Counter<long> TopicEnvelopes = Meter.CreateCounter<long>("im.topic.received", "{envelope}", "What owners on another node published and this node got, by node.");
    private static readonly Counter<long> TopicBytes = Meter.CreateCounter<long>("im.topic.received.frames", "By", "Bytes of the frames in it.");

    private static readonly Counter<long> ShardRoundsHeld = Meter.CreateCounter<long>("im.shards.rounds.held", "{round}", "Rounds in which shards stayed where they are, since a member may be gone.");
    private static readonly Counter<long> PeersRefused = Meter.CreateCounter<long>("im.peers.refused", "{node}", "Members whose port this node found to refuse connections, by what followed: observed or downed.");

    private static readonly Histogram<double> Delivery = Meter.CreateHistogram(
        "im.delivery", "s", "From the conversation's acceptance of a message until a socket took its last byte.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly Histogram<double> Append = Meter.CreateHistogram(
        "im.store.append", "s", "From an append's arrival at the store until its answer, by outcome.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    private static readonly Histogram<double> GroupSize = Meter.CreateHistogram(
        "im.store.group", "{record}", "Records of one commit.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] });

    private static readonly Lock Gate = new();
    private static INodeGauges[] _sources = [];
    private static IStoreGauges[] _stores = [];

    static ImMetrics()
    {
        Gauge("im.connections", "{connection}", "Open WebSocket connections.", source => source.Connections);
        Gauge("im.connections.logged_in", "{connection}", "Of those, logged in.", source => source.LoggedIn);
        Gauge("im.sessions", "{user}", "Users with at least one connection whose session lives on this node.", source => source.Sessions);
        Gauge("im.conversations", "{conversation}", "Conversations that live on this node.", source => source.Conversations);
        Gauge("im.egress.backlog", "By", "Bytes that wait for slow readers.", source => source.EgressBacklogBytes);
        Gauge("im.ingress.depth", "{message}", "Messages that wait in the ingress lanes.", source => source.IngressDepth);
        Gauge("im.store.queue", "{part}", "Appends that wait for their commit.", store => store.QueueDepth);
        Gauge("im.store.breaker", "{state}", "1 while the store is held to be away and appends are refused at once, else 0.", store => store.IsBreakerOpen ? 1 : 0);
    }

    /// <summary>Is anybody reading delivery times? False spares the clock.</summary>
    public static bool WantsDelivery => Delivery.Enabled;

    /// <summary>Makes the instruments, so that the gauges are there from the first scrape on.</summary>
    public static void Start() => RuntimeHelpers.RunClassConstructor(typeof(ImMetrics).TypeHandle);

    /// <summary>Adds a node's counts to the gauges until disposed. A process has one node; tests have several, whose counts add up.</summary>
    public static IDisposable Observe(INodeGauges source)
    {
        lock (Gate) _sources = [.. _sources, source];
        return new Observation(source);
    }

    /// <inheritdoc cref="Observe(INodeGauges)"/>
    public static IDisposable Observe(IStoreGauges store)
    {
        lock (Gate) _stores = [.. _stores, store];
        return new StoreObservation(store);
    }

    public static void Appended(AppendOutcome outcome, TimeSpan took) => Append.Record(took.TotalSeconds, Tag("outcome", MetricTags.Of(outcome)));

    /// <param name="records">Of all parts that one transaction committed.</param>
    public static void GroupCommitted(int records) => GroupSize.Record(records);

    /// <param name="cmd">Name of a command that the router knows; null for any other, which counts as <c>other</c>.</param>
    public static void Command(string? cmd, ReplyCode code) => Commands.Add(1, Tag("cmd", cmd ?? "other"), Tag("code", MetricTags.Of(code)));

    public static void Received(int bytes)
    {
        ReceivedFrames.Add(1);
        ReceivedBytes.Add(bytes);
    }

    /// <summary>Called once per write, not per message.</summary>
    public static void Sent(int messages, int bytes)
    {
        SentFrames.Add(messages);
        SentBytes.Add(bytes);
    }

    public static void Delivered(TimeSpan took) => Delivery.Record(took.TotalSeconds);

    public static void SlowReader(bool closed) => SlowReaders.Add(1, Tag("then", closed ? "close" : "sync"));

    /// <param name="code">Any code: a peer chooses its own, so those outside the table count as <c>other</c>.</param>
    public static void Closed(int code) => Closes.Add(1, Tag("code", MetricTags.OfClose(code)));

    /// <param name="status">The HTTP status that was answered.</param>
    public static void HandshakeRefused(int status) => Handshakes.Add(1, Tag("status", MetricTags.OfStatus(status)));

    public static void NodeRefused() => NodeRefusals.Add(1);

    public static void DeadLetter() => DeadLetters.Add(1);

    public static void Pushed(DeliveryState state) => Pushes.Add(1, Tag("state", MetricTags.Of(state)));

    /// <summary>Records are missing in a conversation.</summary>
    public static void RelayGap() => RelayGaps.Add(1, Tag("then", "found"));

    /// <summary>So many records were read from the store instead.</summary>
    public static void RelayGapFilled(int records) => RelayGaps.Add(records, Tag("then", "filled"));

    /// <summary>The clients were told to read for themselves.</summary>
    public static void RelayGaveUp() => RelayGaps.Add(1, Tag("then", "sync"));

    /// <summary>A session started while a node did not say which of its connections it holds.</summary>
    public static void SessionStartedUnsure() => UnsureStarts.Add(1);

    public static void GateClosed() => GateClosures.Add(1);

    /// <summary>For so long since the last call it took nothing.</summary>
    public static void GateWasClosed(long milliseconds) => GateTime.Add(milliseconds / 1000.0);

    /// <summary>A client has read further than the store has records: the store was put back, or the cursor was made up.</summary>
    /// <param name="isBelieved">The conversation began a new epoch for everybody.</param>
    public static void CursorAhead(bool isBelieved) => CursorsAhead.Add(1, Tag("then", isBelieved ? "epoch" : "reader"));

    /// <param name="node">Address of the peer, <c>host:port</c>; members only, so its values are bounded by the cluster.</param>
    public static void LinkSent(string node, int messages, int bytes)
    {
        var to = Tag("to", node);
        LinkMessages.Add(messages, to);
        LinkBatches.Add(1, to);
        LinkBytes.Add(bytes, to);
    }

    /// <summary>Nobody listens at the port of a member.</summary>
    /// <param name="isDowned">A majority has seen the same, and it is taken out of the cluster.</param>
    public static void PeerRefused(bool isDowned) => PeersRefused.Add(1, Tag("then", isDowned ? "downed" : "observed"));

    public static void ShardRoundHeld() => ShardRoundsHeld.Add(1);

    public static void LinkRefused() => LinkRefusals.Add(1);

    /// <param name="node">Address of the publishing node, <c>host:port</c>.</param>
    public static void TopicReceived(string node, int envelopes, int bytes)
    {
        var from = Tag("from", node);
        TopicEnvelopes.Add(envelopes, from);
        TopicBytes.Add(bytes, from);
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static void Gauge(string name, string unit, string description, Func<INodeGauges, long> read) =>
        Meter.CreateObservableGauge(name, () => Volatile.Read(ref _sources).Sum(read), unit, description);

    private static void Gauge(string name, string unit, string description, Func<IStoreGauges, long> read) =>
        Meter.CreateObservableGauge(name, () => Volatile.Read(ref _stores).Sum(read), unit, description);

    private sealed class StoreObservation(IStoreGauges store) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate) _stores = [.. _stores.Where(candidate => candidate != store)];
        }
    }

    private sealed class Observation(INodeGauges source) : IDisposable
    {
        public void Dispose()
        {
            lock (Gate) _sources = [.. _sources.Where(candidate => candidate != source)];
        }
    }
}
