using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Connections.Streams;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Im.Tests.Connections;

/// <summary>One ConnectionActor; the other hops are probes, and the test moves the scheduler's clock.</summary>
public abstract class ConnectionSpecs : ActorSpecs
{
    private protected const string AliceLogin = """{"v":2,"userId":"alice","appId":101,"device":"device-1","platform":"web","try":3}""";

    private protected static readonly TimeSpan Overdue = TimeSpan.FromSeconds(4.1);

    private protected static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TimerWheel _wheel;
    private readonly EgressLane _egress;
    private readonly MemoryTransport _transport = new();

    protected ConnectionSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _wheel = new TimerWheel(Time);
        (Sessions, Conversations, Relay) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _egress = new EgressLane(0, _wheel);
        var table = new ConnectionTable(10);
        var actor = Sys.ActorOf(ConnectionActor.Create(new ConnectionServices
        {
            Router = new CommandRouter([new LoginHandler(), new JoinHandler(), new LeaveHandler(), new MessageHandler(), new AmendHandler(CommandNames.Edit), new GroupHandler()]),
            Sessions = Sessions.Ref,
            Conversations = Conversations.Ref,
            Relays = new RelayRefs([Relay.Ref]),
            Store = Store,
            Heads = new HeadTable(),
            Direct = new DirectHeads(),
            Users = new UserIndex(),
            Table = table,
            Apps = new HashSet<uint> { 101 },
            Identity = IdentityServices.Guest(TimeProvider.System),
            Time = TimeProvider.System,
            Node = "n1",
        }));
        Slot = table.Add(number => new ConnectionSlot(number, _transport, _egress, new IngressLane(), new ConnectionLimits { LoginTimeoutMs = 5_000 }));
        _transport.Slot = Slot;
        actor.Tell(new ConnectionActor.Opened(Slot), TestActor);
        Slot.Bind(actor);
        Slot.Arm();
    }

    private protected FakeTimeProvider Time { get; } = new();

    private protected MemoryStore Store { get; } = new();

    private protected TestProbe Sessions { get; }

    private protected TestProbe Conversations { get; }

    private protected TestProbe Relay { get; }

    private protected ConnectionSlot Slot { get; }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    /// <summary>Step by step, since each of the actor's ticks sets the timer of the next.</summary>
    private protected void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            Scheduler.Advance(Step);
            Slot.Actor.Tell(new Identify(null), TestActor);
            ExpectMsg<ActorIdentity>();
        }
    }

    private protected SessionCommands.Attach LogIn(string login = AliceLogin)
    {
        Send("1", "login", login);
        var attach = Sessions.ExpectMsg<SessionCommands.Attach>();
        Sessions.Send(Slot.Actor, new SessionEvents.Attached(attach.ConnectionId));
        Relay.ExpectMsg<RelayCommands.Follow>();
        return attach;
    }

    private protected async Task JoinRoomAsync()
    {
        LogIn();
        Send("2", "join", """{"conv":"r:tea"}""");
        var join = Relay.ExpectMsg<RelayCommands.Join>();
        Relay.Send(Slot.Actor, new RelayEvents.Joined(new ConversationKey(new AppId(101), join.Conversation.Conversation), 1));
        await Until.TrueAsync(() => Answers().Contains(("2", 200)));
    }

    private protected void Send(string seq, string name, string data) =>
        Slot.Deliver(new ConnectionInput.Command(10, seq, name, System.Text.Encoding.UTF8.GetBytes(data), false));

    private protected (string Seq, int Code)[] Answers() => [.. Texts().Select(text => new Received(text)).Select(reply => (reply.Seq, reply.Code))];

    /// <summary>The frames that the client got.</summary>
    private protected string[] Texts() => [.. new ServerFrames().Read(_transport.Bytes).Where(frame => frame.Opcode == Opcode.Text).Select(frame => frame.Text)];

    protected override void AfterAll()
    {
        base.AfterAll();
        _egress.Dispose();
        _wheel.Dispose();
    }
}
