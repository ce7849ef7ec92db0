using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class ConversationActorSpecs : ActorSpecs
{
    private static readonly ConversationKey Room = new(new AppId(101), new ConversationId("r:tea"));

    /// <summary>Stands still, so that how long a busy machine takes decides nothing.</summary>
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));

    private readonly Gate _gate = new();
    private readonly TestProbe _publisher;
    private readonly TestProbe _sessions;
    private readonly TestProbe _shard;
    private readonly IActorRef _owner;

    public ConversationActorSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _publisher = CreateTestProbe();
        _sessions = CreateTestProbe();
        _shard = CreateTestProbe();
        var settings = ConversationSettings.Default with { CountThreshold = 2, CountInterval = TimeSpan.FromMilliseconds(50), Linger = TimeSpan.FromMilliseconds(50) };
        _owner = StartUnder(_shard, ConversationActor.Create(Room, new ConversationServices(_publisher.Ref, _sessions.Ref, _gate, new MemoryStore(), settings, NodeViews.Alone(), _time)));
    }

    [Fact]
    public void Should_ask_the_relays_for_their_part_when_it_starts() => Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);

    [Fact]
    public void Should_hand_a_push_to_the_session_once_when_its_key_is_repeated()
    {
        var push = new SessionCommands.Push(new UserKey(Room.App, new UserId("alice")), "m1", new PushFrames(null, null), [], TestActor);
        _owner.Tell(new ConversationCommands.PushOnce(Room, "shop", "order-1", push));
        _owner.Tell(new ConversationCommands.PushOnce(Room, "shop", "order-1", push with { MessageId = "m2" }));

        ExpectMsg<ConversationEvents.Claimed>().ShouldBe(new ConversationEvents.Claimed("m1", false));
        ExpectMsg<ConversationEvents.Claimed>().ShouldBe(new ConversationEvents.Claimed("m1", true));
        _sessions.ExpectMsg<SessionCommands.Push>().MessageId.ShouldBe("m1");
        _sessions.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Should_order_enters_and_exits_when_they_come_in_order()
    {
        Enter("alice", 1, 0);
        Enter("bob", 2, 1);
        _owner.Tell(new ConversationCommands.Exit(Room, new UserId("alice"), TestActor, 3, 2));

        Published();
        var envelopes = new[] { Published(), Published(), Published() };
        envelopes.Select(envelope => (envelope.Kind, envelope.User, envelope.Order, envelope.Members)).ShouldBe(
            [(EnvelopeKind.Entered, "alice", 1L, 1), (EnvelopeKind.Entered, "bob", 2L, 2), (EnvelopeKind.Exited, "alice", 3L, 1)]);
    }

    [Fact]
    public void Should_say_on_the_topic_that_it_had_been_ordered_when_an_op_is_repeated()
    {
        Enter("alice", 1, 0);
        Enter("bob", 2, 1);
        Enter("alice", 1, 0);

        Published();
        Published().Kind.ShouldBe(EnvelopeKind.Entered);
        Published().Kind.ShouldBe(EnvelopeKind.Entered);
        var repeated = Published();
        (repeated.Kind, repeated.Op, repeated.Members).ShouldBe((EnvelopeKind.Applied, 1L, 2));
        repeated.Relay.ShouldBe(TestActor);
    }

    [Fact]
    public void Should_order_an_enter_once_when_a_new_owner_hears_reports_and_repeats_twice()
    {
        Enter("carol", 11, 10);
        for (var i = 0; i < 2; i++)
        {
            _owner.Tell(new ConversationCommands.Report(Room, TestActor, 2, 10));
            Enter("carol", 11, 10);
        }

        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        var entered = Published();
        (entered.Kind, entered.Members).ShouldBe((EnvelopeKind.Entered, 3));
        Published().Kind.ShouldBe(EnvelopeKind.Applied);
    }

    [Fact]
    public void Should_not_ask_the_relays_for_every_op_when_many_come_out_of_order()
    {
        for (var op = 11; op < 61; op++) Enter("carol", op, op - 1);
        Post("m1", "c1");

        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        Published().Kind.ShouldBe(EnvelopeKind.Record);
    }

    [Fact]
    public void Should_answer_with_the_first_answer_when_a_cid_is_repeated()
    {
        Post("m1", "c1");
        Post("m2", "c1", tag: 6);

        ExpectMsg<ConversationEvents.Posted>().Duplicate.ShouldBeFalse();
        var second = ExpectMsg<ConversationEvents.Posted>();
        (second.Duplicate, second.MessageId, second.Mseq).ShouldBe((true, "m1", 1L));
    }

    [Fact]
    public void Should_refuse_with_1016_and_publish_nothing_when_the_node_is_behind()
    {
        _gate.IsOverloaded = true;
        Published();

        Post("m1", "c1");

        ExpectMsg<ConversationEvents.PostRefused>().Code.ShouldBe(ReplyCode.Overloaded);
        _publisher.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        _gate.IsOverloaded = false;
        Post("m1", "c1");
        ExpectMsg<ConversationEvents.Posted>().Duplicate.ShouldBeFalse();
    }

    [Fact]
    public void Should_leave_enters_out_for_level_2_and_count_instead_when_the_room_is_large()
    {
        Enter("alice", 1, 0);
        Enter("bob", 2, 1);
        Enter("carol", 3, 2);

        Published();
        Published().Frames.Level2.ShouldNotBeNull();
        Published().Frames.Level2.ShouldNotBeNull();
        var third = Published();
        third.Frames.Level2.ShouldBeNull();
        third.Frames.Level0.ShouldNotBeNull();
        Pass(TimeSpan.FromMilliseconds(50));
        var count = Published();
        (count.Kind, count.Members).ShouldBe((EnvelopeKind.Count, 3));
        count.Frames.Level0.ShouldBeNull();
    }

    [Fact]
    public void Should_ask_to_be_stopped_when_the_last_member_has_been_gone_for_a_while()
    {
        Enter("alice", 1, 0);

        _owner.Tell(new ConversationCommands.Exit(Room, new UserId("alice"), TestActor, 2, 1));
        Pass(TimeSpan.FromMilliseconds(50));

        _shard.ExpectMsg<Passivate>().StopMessage.ShouldBeOfType<ConversationActor.Stop>();
    }

    [Fact]
    public void Should_stay_when_it_remembers_a_cid()
    {
        Post("m1", "c1");
        ExpectMsg<ConversationEvents.Posted>();
        Pass(TimeSpan.FromMilliseconds(300));

        _shard.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Should_hand_the_parts_of_the_relays_to_its_successor_when_somebody_entered_before_the_stop()
    {
        Enter("alice", 7, 0);

        _owner.Tell(ConversationActor.Stop.Instance);

        var report = _shard.ExpectMsg<ConversationCommands.Report>();
        (report.Users, report.Op).ShouldBe((1, 7L));
        report.Relay.ShouldBe(TestActor);
    }

    /// <summary>What was told before is handled first, and what it began is what the time passes for.</summary>
    private void Pass(TimeSpan span)
    {
        Settle();
        ((TestScheduler)Sys.Scheduler).Advance(span);
        Settle();
    }

    private void Settle()
    {
        var settled = CreateTestProbe();
        _owner.Tell(new Identify(null), settled.Ref);
        settled.ExpectMsg<ActorIdentity>();
    }

    private void Enter(string user, long op, long previous) =>
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId(user), TestActor, op, previous, true));

    private void Post(string id, string cid, long tag = 5) => _owner.Tell(new ConversationCommands.Post(
        Room, tag, id, "alice", "alice", "msg", null, "text", "hi", null, cid, true, null, null, TestActor, null));

    private ConversationEnvelope Published() => _publisher.ExpectMsg<ConversationEnvelope>();

    private sealed class Gate : IFanoutGate
    {
        public bool IsOverloaded { get; set; }
    }
}
