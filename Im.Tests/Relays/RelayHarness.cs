using Akka.Actor;
using Akka.TestKit;
using Im.Actors;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Actors.Relays;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Im.Tests.Relays;

/// <summary>
/// One relay with two real lanes; the pub-sub, the owner and the ConnectionActors are probes. It repeats and gives up when the test lets time
/// pass, and never because a machine is busy: its system has <see cref="Scheduler"/>.
/// </summary>
internal sealed class RelayHarness : INodeParts, IDisposable
{
    /// <summary>HOCON for the system that the relay runs in.</summary>
    public const string Scheduler = "akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"";

    public static readonly ConversationKey Room = new(new AppId(101), new ConversationId("r:tea"));

    private readonly ActorSystem _system;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly TimerWheel _wheel;
    private readonly EgressLane[] _lanes;
    private readonly IngressLane _ingress = new();
    private readonly TestProbe _connection;
    private long _number;

    public RelayHarness(ActorSystem system, TestProbe conversations, TestProbe mediator, TestProbe connection)
    {
        _system = system;
        _connection = connection;
        _wheel = new TimerWheel(_time);
        _lanes = [new EgressLane(0, _wheel), new EgressLane(1, _wheel)];
        var context = new RelayContext(mediator.Ref, conversations.Ref, _lanes, 1, "n1", _time, this, Store, Users, new HeadTable(), Peers, 200);
        Relay = _system.ActorOf(RelayActor.Create(context, 0));
    }

    public IActorRef Relay { get; }

    public MemoryStore Store { get; } = new();

    public UserIndex Users { get; } = new();

    /// <summary>Nobody else, until a test says so.</summary>
    public PeerTable Peers { get; } = NodeViews.Nobody();

    public void Pass(TimeSpan span)
    {
        _time.Advance(span);
        ((TestScheduler)_system.Scheduler).Advance(span);
    }

    /// <summary>Lets second after second pass until the guest has read this.</summary>
    public Task PassUntilReadAsync(Guest guest, params string[] expected) => Until.TrueAsync(() =>
    {
        Pass(TimeSpan.FromSeconds(1));
        return guest.Read().SequenceEqual(expected);
    }, () => $"Expected {string.Join(", ", expected)}, read {string.Join(", ", guest.Read())}");

    public Guest Connect(string user, ProtocolLevel level = ProtocolLevel.Zero)
    {
        var transport = new MemoryTransport();
        var slot = new ConnectionSlot(++_number, transport, _lanes[_number % 2], _ingress, new ConnectionLimits());
        transport.Slot = slot;
        slot.Bind(_connection.Ref);
        slot.Attach(new Attachment(new UserKey(Room.App, new UserId(user)), $"n1-{_number:x}", level, null, null, default));
        return new Guest(slot, transport);
    }

    public void Join(Guest guest) => Relay.Tell(new RelayCommands.Join(Room, guest.Slot, new Welcome()));

    public void Leave(Guest guest) => Relay.Tell(new RelayCommands.Leave(Room, guest.Slot, null));

    /// <summary>As a login does that has read the store up to there.</summary>
    public void Follow(Guest guest, long mseq, string epoch = "k1") => Relay.Tell(new RelayCommands.FollowGroup(Room, guest.Slot, epoch, mseq));

    /// <summary>What the owner would publish for an op.</summary>
    public void Publish(EnvelopeKind kind, string user, long op, long order, string incarnation = "e1", int members = 1, long head = 0) =>
        Relay.Tell(new TopicBatch([Envelope(kind, user, order, members) with { Relay = Relay, Op = op, Incarnation = incarnation, Mseq = head }]));

    public static ConversationEnvelope Envelope(EnvelopeKind kind, string user, long order, int members)
    {
        var content = new PushContent("m", kind == EnvelopeKind.Entered ? "enter" : "exit", "text", "", user, null, null, 0, null, null, 0);
        var frame = new Frame(PushWriter.Level0(content), FrameKind.Record, "r:tea");
        var frames = kind is EnvelopeKind.Entered or EnvelopeKind.Exited ? new PushFrames(frame, frame) : new PushFrames(null, null);
        return new ConversationEnvelope(Room, kind, "k1", order, 0, user, members, frames, 0) { Incarnation = "e1" };
    }

    /// <summary>A record as its owner would publish it; its sender is named after its number.</summary>
    public void PublishRecord(long mseq, string epoch)
    {
        var from = mseq.ToString(null, null);
        var content = new PushContent("m", "msg", "text", "hi", from, "r:tea", epoch, mseq, null, null, 0);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Record, "r:tea"), new Frame(PushWriter.Level2(content), FrameKind.Record, "r:tea"));
        Relay.Tell(new TopicBatch([new ConversationEnvelope(Room, EnvelopeKind.Record, epoch, 0, mseq, from, 1, frames, 0)]));
    }

    public void Lost(string part, string why)
    {
    }

    public void Ready(string part)
    {
    }

    public void NotReady(string part, string why)
    {
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
        _wheel.Dispose();
    }

    internal sealed record Guest(ConnectionSlot Slot, MemoryTransport Transport)
    {
        /// <summary><c>welcome</c>, <c>sync_required</c>, or the command and the user of a push, in the order of arrival.</summary>
        public string[] Read() => [.. new ServerFrames().Read(Transport.Bytes).Select(frame => Short(frame.Text))];

        public Task ReadsAsync(params string[] expected) =>
            Until.TrueAsync(() => Read().SequenceEqual(expected), () => $"Expected {string.Join(", ", expected)}, read {string.Join(", ", Read())}");

        private static string Short(string text)
        {
            if (text == "welcome") return text;
            var push = new Received(text);
            return push.Cmd == "sync_required" ? push.Cmd : $"{push.Cmd} {push.From}";
        }
    }

    private sealed class Welcome : JoinReply
    {
        public override Frame Encode(int members) => new(FrameWriter.Encode(Opcode.Text, "welcome"u8), FrameKind.Reply);
    }
}
