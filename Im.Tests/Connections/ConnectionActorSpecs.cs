using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;
using Im.Actors.Connections.Streams;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

/// <summary>One ConnectionActor; the other hops are probes, and the test moves the scheduler's clock.</summary>
public sealed class ConnectionActorSpecs : ActorSpecs
{
    private const string Login = """{"v":2,"userId":"alice","appId":101,"device":"device-1","platform":"web","try":3}""";

    /// <summary>Longer than a login of level 2 waits for owners.</summary>
    private static readonly TimeSpan LoginBound = TimeSpan.FromSeconds(9);

    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(4.1);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _wheel;
    private readonly EgressLane _egress;
    private readonly MemoryTransport _transport = new();
    private readonly MemoryStore _store = new();
    private readonly TestProbe _sessions;
    private readonly TestProbe _conversations;
    private readonly TestProbe _relay;
    private readonly ConnectionSlot _slot;

    public ConnectionActorSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _wheel = new TimerWheel(_time);
        (_sessions, _conversations, _relay) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _egress = new EgressLane(0, _wheel);
        var table = new ConnectionTable(10);
        var actor = Sys.ActorOf(ConnectionActor.Create(new ConnectionServices
        {
            Router = new CommandRouter([new LoginHandler(), new JoinHandler(), new MessageHandler()]),
            Sessions = _sessions.Ref,
            Conversations = _conversations.Ref,
            Relays = new RelayRefs([_relay.Ref]),
            Store = _store,
            Heads = new HeadTable(),
            Direct = new DirectHeads(),
            Users = new UserIndex(),
            Table = table,
            Apps = new HashSet<uint> { 101 },
            Identity = IdentityServices.Guest(TimeProvider.System),
            Time = TimeProvider.System,
            Node = "n1",
        }));
        _slot = table.Add(number => new ConnectionSlot(number, _transport, _egress, new IngressLane(), new ConnectionLimits { LoginTimeoutMs = 5_000 }));
        _transport.Slot = _slot;
        actor.Tell(new ConnectionActor.Opened(_slot), TestActor);
        _slot.Bind(actor);
        _slot.Arm();
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Should_detach_when_the_socket_goes_before_the_session_has_answered()
    {
        Send("1", "login", Login);
        var attach = _sessions.ExpectMsg<SessionCommands.Attach>();

        _slot.Deliver(ConnectionInput.SocketClosed.Instance);

        _sessions.ExpectMsg<SessionCommands.Detach>().ConnectionId.ShouldBe(attach.ConnectionId);
    }

    [Fact]
    public void Should_attach_again_when_the_session_is_replaced()
    {
        var attach = LogIn();

        _sessions.Send(_slot.Actor, new SessionEvents.AttachAgain(attach));

        var again = _sessions.ExpectMsg<SessionCommands.Attach>();
        again.ShouldBe(attach with { SinceMs = again.SinceMs });
        again.SinceMs.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(false, CloseCode.ReplacedByLogin)]
    [InlineData(true, CloseCode.TooManySessions)]
    public void Should_close_when_the_session_s_new_owner_has_given_its_place_to_another(bool byPolicy, CloseCode code)
    {
        var attach = LogIn();

        _sessions.Send(_slot.Actor, new SessionEvents.AttachRefused(attach.ConnectionId, byPolicy));

        AwaitCondition(() => _slot.ClosedWith == (int)code || _slot.CloseCodeSent == (int)code);
    }

    [Fact]
    public void Should_ask_the_session_again_when_it_does_not_answer()
    {
        Send("1", "login", Login);
        var attach = _sessions.ExpectMsg<SessionCommands.Attach>();

        Pass(Overdue);

        _sessions.ExpectMsg<SessionCommands.Attach>().ShouldBe(attach);
    }

    [Fact]
    public async Task Should_answer_1017_when_the_owner_never_answers()
    {
        await JoinRoomAsync();
        Pass(Overdue);
        Send("m1", "msg", """{"conv":"r:tea","msg":"x","ephemeral":true}""");
        _conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("m1", 1017)));
    }

    [Fact]
    public async Task Should_send_again_what_is_not_answered_when_a_node_is_out_of_the_cluster_and_fail_nothing_before_its_time()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""");
        var first = _conversations.ExpectMsg<ConversationCommands.Post>();
        Send("m2", "msg", """{"conv":"r:tea","msg":"y","ephemeral":true}""");
        var fleeting = _conversations.ExpectMsg<ConversationCommands.Post>();

        _slot.Deliver(ConnectionCommands.Repeat.Instance);

        _conversations.ExpectMsg<ConversationCommands.Post>().ShouldSatisfyAllConditions(again => again.Tag.ShouldBe(first.Tag), again => again.Cid.ShouldBe("c1"));
        _conversations.Send(_slot.Actor, new ConversationEvents.Posted(fleeting.Tag, fleeting.MessageId, "e", 0, 1, false));
        await Until.TrueAsync(() => Answers().Contains(("m2", 200)));
    }

    [Fact]
    public async Task Should_send_again_soon_what_a_hand_off_may_have_lost()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"x"}""");
        var first = _conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(TimeSpan.FromSeconds(1));

        _conversations.ExpectMsg<ConversationCommands.Post>().ShouldSatisfyAllConditions(again => again.Tag.ShouldBe(first.Tag), again => again.Place!.IsRepeat.ShouldBeTrue());
    }

    [Fact]
    public async Task Should_refuse_a_login_for_a_while_when_no_session_answers_in_time()
    {
        Send("1", "login", Login);
        var attach = _sessions.ExpectMsg<SessionCommands.Attach>();
        Pass(Overdue);
        Answers().ShouldBeEmpty();

        _time.Advance(LoginBound);
        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("1", 1016)));
        _sessions.FishForMessage(message => message is SessionCommands.Detach);
        AwaitCondition(() => _slot.ClosedWith == (int)CloseCode.Overloaded || _slot.CloseCodeSent == (int)CloseCode.Overloaded);

        _sessions.Send(_slot.Actor, new SessionEvents.Attached(attach.ConnectionId));
        _sessions.ExpectMsg<SessionCommands.Detach>().ConnectionId.ShouldBe(attach.ConnectionId);
        Answers().ShouldBe([("1", 1016)]);
    }

    [Fact]
    public async Task Should_let_a_login_of_level_0_wait_since_its_client_does_not_come_again()
    {
        Send("1", "login", """{"userId":"alice","appId":101}""");
        var attach = _sessions.ExpectMsg<SessionCommands.Attach>();
        _time.Advance(LoginBound);
        Pass(Overdue);
        Answers().ShouldBeEmpty();

        _sessions.Send(_slot.Actor, new SessionEvents.Attached(attach.ConnectionId));

        _relay.FishForMessage(message => message is RelayCommands.Join);
        await Until.TrueAsync(() => _slot.Attachment is not null);
        _slot.ClosedWith.ShouldBe(0);
    }

    [Fact]
    public async Task Should_refuse_a_join_for_a_while_when_the_room_s_owner_does_not_answer_in_time()
    {
        LogIn();
        Send("2", "join", """{"conv":"r:tea"}""");
        _relay.ExpectMsg<RelayCommands.Join>();
        Send("3", "ping", "null");
        Pass(Overdue);
        Answers().ShouldNotContain(answer => answer.Seq == "2");

        Pass(Overdue + Overdue);

        await Until.TrueAsync(() => Answers().Contains(("2", 1016)) && Answers().Any(answer => answer.Seq == "3"), () => string.Join(' ', Answers()));
        _relay.FishForMessage(message => message is RelayCommands.Leave);
    }

    [Fact]
    public async Task Should_refuse_a_login_for_a_while_when_a_room_s_owner_does_not_answer_in_time()
    {
        LogIn(Login.Replace("}", ""","cursors":{"r:tea":["",0]}}""", StringComparison.Ordinal));
        _relay.ExpectMsg<RelayCommands.Join>();

        _time.Advance(LoginBound);
        Pass(Overdue);

        await Until.TrueAsync(() => Answers().Contains(("1", 1016)));
        _slot.Deliver(ConnectionInput.SocketClosed.Instance);
        _relay.FishForMessage(message => message is RelayCommands.Leave);
    }

    [Fact]
    public async Task Should_leave_a_message_alone_when_only_those_before_it_are_overdue()
    {
        await JoinRoomAsync();
        Pass(Overdue);
        Send("m1", "msg", """{"conv":"r:tea","msg":"x","ephemeral":true}""");
        _conversations.ExpectMsg<ConversationCommands.Post>();
        Pass(TimeSpan.FromSeconds(3.4));
        Send("m2", "msg", """{"conv":"r:tea","msg":"y","ephemeral":true}""");
        var second = _conversations.ExpectMsg<ConversationCommands.Post>();

        Pass(TimeSpan.FromSeconds(0.2));
        await Until.TrueAsync(() => Answers().Contains(("m1", 1017)));
        _conversations.Send(_slot.Actor, new ConversationEvents.Posted(second.Tag, second.MessageId, "e", 0, 1, false));

        await Until.TrueAsync(() => Answers().Contains(("m2", 200)));
        Answers().ShouldNotContain(("m2", 1017));
    }

    [Fact]
    public async Task Should_not_tell_the_relay_where_the_user_left_as_the_head_of_a_group()
    {
        var group = new ConversationKey(new AppId(101), new ConversationId("g:team"));
        Commit(group, 0, new MemberChange("eve", MemberRole.Owner, 1), new MemberChange("alice", MemberRole.Member, 1));
        Commit(group, 1, new MemberChange("alice", null, 2));
        Commit(group, 2);

        LogIn(Login.Replace("}", ""","cursors":{"g:team":["k1",1]}}""", StringComparison.Ordinal));

        await Until.TrueAsync(() => Answers().Contains(("1", 200)));
        _relay.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Should_take_nothing_behind_a_refused_message_until_it_comes_again()
    {
        await JoinRoomAsync();
        Send("m1", "msg", """{"conv":"r:tea","cid":"c1","msg":"one"}""");
        _conversations.Send(_slot.Actor, new ConversationEvents.PostRefused(_conversations.ExpectMsg<ConversationCommands.Post>().Tag, Im.Protocol.ReplyCode.Overloaded));
        Send("m2", "msg", """{"conv":"r:tea","cid":"c2","msg":"two, sent before the refusal was read"}""");
        await Until.TrueAsync(() => Answers().Contains(("m2", 1016)));

        Send("m3", "msg", """{"conv":"r:tea","cid":"c1","msg":"one"}""");
        Send("m4", "msg", """{"conv":"r:tea","cid":"c2","msg":"two, sent before the refusal was read"}""");

        _conversations.ExpectMsg<ConversationCommands.Post>().Cid.ShouldBe("c1");
        _conversations.ExpectMsg<ConversationCommands.Post>().Cid.ShouldBe("c2");
    }

    [Fact]
    public async Task Should_take_no_message_behind_one_that_was_over_the_rate()
    {
        await JoinRoomAsync();
        _slot.Deliver(new ConnectionInput.OverRate(10, "m1", "msg"));
        Send("m2", "msg", """{"conv":"r:tea","cid":"c2","msg":"two"}""");

        await Until.TrueAsync(() => Answers().Contains(("m2", 1015)));
        _conversations.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>Step by step, since each of the actor's ticks sets the timer of the next.</summary>
    private void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            Scheduler.Advance(Step);
            _slot.Actor.Tell(new Identify(null), TestActor);
            ExpectMsg<ActorIdentity>();
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _egress.Dispose();
        _wheel.Dispose();
    }

    private void Commit(ConversationKey group, long head, params MemberChange[] changes) => _store.Append(new AppendPart(
        group, _store.Generation, head, head == 0, "team", [new AppendRecord(new StoredRecord(head + 1, $"m{head}", "eve", "eve", null, "event", "", null, head), null)], changes, head, TestActor));

    private SessionCommands.Attach LogIn(string login = Login)
    {
        Send("1", "login", login);
        var attach = _sessions.ExpectMsg<SessionCommands.Attach>();
        _sessions.Send(_slot.Actor, new SessionEvents.Attached(attach.ConnectionId));
        _relay.ExpectMsg<RelayCommands.Follow>();
        return attach;
    }

    private async Task JoinRoomAsync()
    {
        LogIn();
        Send("2", "join", """{"conv":"r:tea"}""");
        var join = _relay.ExpectMsg<RelayCommands.Join>();
        _relay.Send(_slot.Actor, new RelayEvents.Joined(new ConversationKey(new AppId(101), join.Conversation.Conversation), 1));
        await Until.TrueAsync(() => Answers().Contains(("2", 200)));
    }

    private void Send(string seq, string name, string data) =>
        _slot.Deliver(new ConnectionInput.Command(10, seq, name, System.Text.Encoding.UTF8.GetBytes(data), false));

    private (string Seq, int Code)[] Answers() =>
        [.. new ServerFrames().Read(_transport.Bytes).Where(frame => frame.Opcode == Opcode.Text).Select(frame => new Received(frame.Text)).Select(reply => (reply.Seq, reply.Code))];
}
