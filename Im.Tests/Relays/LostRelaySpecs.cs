using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Edge;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Actors.Relays;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

/// <summary>A relay whose room has members on another node, which is lost.</summary>
public sealed class LostRelaySpecs : ActorSpecs
{
    private readonly TestProbe _conversations;
    private readonly RelayHarness _relay;
    private readonly RemoteRef _other;
    private readonly RelayHarness.Guest _alice;

    public LostRelaySpecs()
        : base(RelayHarness.Scheduler)
    {
        _conversations = CreateTestProbe();
        _relay = new RelayHarness(Sys, _conversations, CreateTestProbe(), CreateTestProbe());
        _other = new RemoteRef(CreateTestProbe().Ref, RemoteRef.NodeB, "im-relay-0");
        _relay.Peers.Set([RemoteRef.NodeB]);
        _alice = _relay.Connect("alice");
        _relay.Join(_alice);
        _relay.Publish(EnvelopeKind.Entered, "alice", 1, 1);
        _conversations.ExpectMsg<ConversationCommands.Enter>();
    }

    [Fact]
    public async Task Should_tell_its_members_once_who_left_with_the_node_when_the_owner_orders_it()
    {
        _relay.Relay.Tell(new NodeAnswers.Members(RelayHarness.Room, _other, 3, ["bob"], true));
        PublishFrom(EnvelopeKind.Entered, "carol", op: 4, order: 2, members: 3);

        PublishFrom(EnvelopeKind.RelayGone, "", op: 0, order: 3, members: 1);
        PublishFrom(EnvelopeKind.RelayGone, "", op: 0, order: 4, members: 1);
        _relay.Publish(EnvelopeKind.Entered, "dave", 2, 5);

        await Until.TrueAsync(() => _alice.Read().Length == 5, () => string.Join(", ", _alice.Read()));
        _alice.Read()[..2].ShouldBe(["welcome", "enter carol"]);
        _alice.Read()[2..4].ShouldBe(["exit bob", "exit carol"], ignoreOrder: true);
        _alice.Read()[4].ShouldBe("enter dave");
    }

    [Fact]
    public void Should_tell_the_owner_of_a_lost_relay_until_it_is_ordered()
    {
        PublishFrom(EnvelopeKind.Entered, "carol", op: 4, order: 2, members: 2);

        _relay.Relay.Tell(new PeerGone(RemoteRef.NodeB));

        _conversations.ExpectMsg<ConversationCommands.Report>().Gone.ShouldBe([_other]);

        _relay.Pass(TimeSpan.FromSeconds(1));

        _conversations.ExpectMsg<ConversationCommands.Report>().Gone.ShouldBe([_other]);
    }

    [Fact]
    public void Should_say_whom_it_has_to_another_relay()
    {
        _relay.Relay.Tell(new RelayCommands.GetMembers(RelayHarness.Room, TestActor));

        ExpectMsg<NodeAnswers.Members>(members => (members.Op, members.IsLast).ShouldBe((1L, true))).Names.ShouldBe(["alice"]);
    }

    [Fact]
    public void Should_say_that_it_has_nobody_when_an_owner_of_a_room_without_local_members_starts()
    {
        var room = RelayHarness.Room with { Conversation = new ConversationId("r:empty") };

        _relay.Relay.Tell(new TopicBatch([new ConversationEnvelope(room, EnvelopeKind.OwnerStarted, "k1", 0, 0, "", 0, new PushFrames(null, null), 0) { Incarnation = "e9" }]));

        var report = _conversations.ExpectMsg<ConversationCommands.Report>();
        (report.Conversation, report.Users).ShouldBe((room, 0));
    }

    [Fact]
    public void Should_answer_an_owner_each_time_it_asks_but_repeat_what_waits_once()
    {
        _relay.Join(_relay.Connect("bob"));
        _conversations.ExpectMsg<ConversationCommands.Enter>();

        for (var i = 0; i < 2; i++) _relay.Publish(EnvelopeKind.OwnerStarted, "", 0, 0, incarnation: "e2");

        _conversations.ExpectMsg<ConversationCommands.Report>().Users.ShouldBe(1);
        _conversations.ExpectMsg<ConversationCommands.Enter>();
        _conversations.ExpectMsg<ConversationCommands.Report>().Users.ShouldBe(1);
    }

    private void PublishFrom(EnvelopeKind kind, string user, long op, long order, int members) =>
        _relay.Relay.Tell(new TopicBatch([RelayHarness.Envelope(kind, user, order, members) with { Relay = _other, Op = op }]));

    protected override void AfterAll()
    {
        base.AfterAll();
        _relay.Dispose();
    }
}
