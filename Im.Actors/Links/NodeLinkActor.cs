using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Event;
using Im.Actors.Messages;
using Im.Actors.Serialization;
using Im.Actors.Telemetry;

namespace Im.Actors.Links;

/// <summary>
/// The sending end of the link to one node: packs what is in its mailbox at once into batches and sends no more of them than the peer has
/// taken. Batching comes from backlog: a message that is alone leaves at once.
/// </summary>
/// <remarks>
/// Bound: <see cref="MaxInFlightCount"/> batches that the peer has not acknowledged, <see cref="MaxQueuedCount"/> that wait behind them; what comes then is refused, see
/// <see cref="NodeLink"/>. Batches may be lost as any remote message; the credit for them comes back by asking again. The one watch of this pair of nodes
/// is here.
/// </remarks>
internal sealed class NodeLinkActor : UntypedActor, IWithTimers
{
    /// <summary>1 MiB under way.</summary>
    public const int MaxInFlightCount = 16;

    /// <summary>8 MiB behind it.</summary>
    public const int MaxQueuedCount = 128;

    /// <summary>A larger message goes by itself, without the link.</summary>
    public const int MaxItemBytes = 4 * LinkMessages.Batch.MaxBytes;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    /// <summary>So long without an ack, and the peer is asked for it.</summary>
    private static readonly TimeSpan AckPatience = TimeSpan.FromSeconds(2);

    /// <param name="door">Where the peer's receiving ends are made.</param>
    public static Props Create(Address peer, ICanTell door, LinkTable links, TimeProvider time) =>
        Props.Create(() => new NodeLinkActor(peer, door, links, time)).WithDispatcher("im.lane-dispatcher");

    private sealed record Flush : ILocalMessage
    {
        public static readonly Flush Instance = new();
    }

    private sealed record Tick : ILocalMessage
    {
        public static readonly Tick Instance = new();
    }

    private readonly Address _peer;
    private readonly ICanTell _door;
    private readonly LinkTable _links;
    private readonly TimeProvider _time;
    private readonly NodeLink _link;
    private readonly ExtendedActorSystem _system;
    private readonly ClusterMessageSerializer _serializer;
    private readonly long _id = Random.Shared.NextInt64();
    private readonly string _tag;
    private readonly Queue<(LinkMessages.Batch Batch, int Bytes)> _queued = new();
    private List<LinkItem> _open = [];      // the batch that is being filled
    private int _openBytes;
    private bool _isFlushing;
    private IActorRef? _receiver;
    private long _made;
    private long _sent;
    private long _acked;
    private long _movedAt;                  // when the last ack came, or the first batch after all were acked left

    public NodeLinkActor(Address peer, ICanTell door, LinkTable links, TimeProvider time)
    {
        _peer = peer;
        _door = door;
        _links = links;
        _time = time;
        _link = new NodeLink(Self);
        _system = (ExtendedActorSystem)Context.System;
        _serializer = new ClusterMessageSerializer(_system);
        _tag = $"{peer.Host}:{peer.Port}";
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool HasCredit => _sent - _acked < MaxInFlightCount;

    protected override void PreStart()
    {
        _door.Tell(new LinkMessages.Hello(_id), Self);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, TickInterval);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NodeLink.Outgoing outgoing: OnOutgoing(outgoing); break;
            case Flush: OnFlush(); break;
            case LinkMessages.Ack ack: OnAck(ack); break;
            case LinkMessages.Opened opened: OnOpened(opened); break;
            case Tick: OnTick(); break;
            case Terminated: OnLost(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnOutgoing(NodeLink.Outgoing outgoing)
    {
        if (_queued.Count >= MaxQueuedCount && !HasCredit)
        {
            _link.Left(1);
            Refusal.Answer(outgoing.Message);
            return;
        }

        if (Pack(outgoing) is not { } item)
        {
            _link.Left(1);
            return;
        }

        if (_open.Count > 0 && _openBytes + item.Bytes > LinkMessages.Batch.MaxBytes) Seal();
        _open.Add(item);
        _openBytes += item.Bytes;
        if (_isFlushing) return;
        _isFlushing = true;
        Self.Tell(Flush.Instance);
    }

    /// <summary>What came meanwhile is packed. Without credit the open batch goes on filling.</summary>
    private void OnFlush()
    {
        _isFlushing = false;
        Send();
    }

    private void OnAck(LinkMessages.Ack ack)
    {
        if (ack.Number <= _acked || ack.Number > _sent) return;
        _acked = ack.Number;
        _movedAt = _time.GetTimestamp();
        Send();
    }

    private void OnOpened(LinkMessages.Opened opened)
    {
        if (opened.Link != _id || _receiver is not null) return;
        _receiver = Context.Watch(Sender);
        _acked = _sent;
        _links.Open(_peer, _link);
    }

    private void OnTick()
    {
        if (_receiver is null) _door.Tell(new LinkMessages.Hello(_id), Self);
        else if (_sent > _acked && _time.GetElapsedTime(_movedAt) >= AckPatience) _receiver.Tell(new LinkMessages.Batch(_sent, []), Self);
    }

    /// <summary>The peer's end is gone, with its node or without. What waited is lost; the peer is asked for another end until it is out of the cluster.</summary>
    private void OnLost()
    {
        _links.Close(_peer, _link);
        _receiver = null;
        _link.Left(_open.Count + _queued.Sum(queued => queued.Batch.Items.Count));
        _open.Clear();
        _openBytes = 0;
        _queued.Clear();
        _made = _sent;
    }

    /// <returns>Null: it went without the link, or has no form that may leave the node.</returns>
    private LinkItem? Pack(NodeLink.Outgoing outgoing)
    {
        try
        {
            var body = Akka.Serialization.Serialization.WithTransport(_system, (_serializer, outgoing.Message), static to => to._serializer.ToBinary(to.Message));
            if (body.Length > MaxItemBytes || _receiver is null)
            {
                outgoing.Plain.Tell(outgoing.Message, outgoing.Sender);
                return null;
            }

            var sender = outgoing.Sender.IsNobody() ? "" : Akka.Serialization.Serialization.WithTransport(_system, outgoing.Sender!, static sender => References.Write(sender));
            return new LinkItem(outgoing.Receiver, outgoing.Region, sender, _serializer.Manifest(outgoing.Message), body);
        }
        catch (SerializationException refused)
        {
            Context.GetLogger().Error(refused, "A message to {Node} was not sent", _tag);
            return null;
        }
    }

    private void Seal()
    {
        _queued.Enqueue((new LinkMessages.Batch(++_made, _open), _openBytes));
        _open = [];
        _openBytes = 0;
    }

    private void Send()
    {
        if (_receiver is null) return;
        if (_queued.Count == 0 && _open.Count > 0 && HasCredit) Seal();
        while (HasCredit && _queued.TryDequeue(out var next))
        {
            if (_sent == _acked) _movedAt = _time.GetTimestamp();
            _sent = next.Batch.Number;
            _receiver.Tell(next.Batch, Self);
            _link.Left(next.Batch.Items.Count);
            ImMetrics.LinkSent(_tag, next.Batch.Items.Count, next.Bytes);
            if (_queued.Count == 0 && _open.Count > 0) Seal();
        }
    }

    protected override void PostStop() => _links.Close(_peer, _link);
}
