using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Conversations;
using Im.Actors.Nodes;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

/// <summary>The owner of a room among several nodes.</summary>
public sealed class RoomStartSpecs : ActorSpecs
{
    private static readonly ConversationKey Room = new(new AppId(101), new ConversationId("r:tea"));

    /// <summary>Stands still, so that only the nodes end a start, or a test that lets its patience pass.</summary>
    private readonly FakeTimeProvider _time = new();

    private readonly TestProbe _publisher;
    private readonly NodeView _view;
    private readonly IActorRef _owner;
    private readonly RemoteRef _relayB;
    private readonly RemoteRef _relayC;

    public RoomStartSpecs()
    {
        _publisher = CreateTestProbe();
        _view = NodeViews.With(ActorRefs.Nobody, _time, RemoteRef.NodeB, RemoteRef.NodeC);
        (_relayB, _relayC) = (new RemoteRef(CreateTestProbe().Ref, RemoteRef.NodeB, "im-relay-0"), new RemoteRef(CreateTestProbe().Ref, RemoteRef.NodeC, "im-relay-0"));
        var services = new ConversationServices(_publisher.Ref, CreateTestProbe().Ref, new OpenGate(), new MemoryStore(), ConversationSettings.Default, _view, TimeProvider.System);
        _owner = StartUnder(CreateTestProbe(), ConversationActor.Create(Room, services));
    }

    [Fact]
    public void Should_order_nobody_in_before_every_node_has_said_whom_it_has()
    {
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId("alice"), TestActor, 1, 0, true));
        Report(TestActor, 0);
        Report(_relayB, 3);
        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);

        Report(_relayC, 2);

        var entered = Fish(EnvelopeKind.Entered);
        (entered.User, entered.Members).ShouldBe(("alice", 6));
    }

    [Fact]
    public void Should_ask_again_when_a_node_does_not_answer_and_go_on_after_two_seconds()
    {
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId("alice"), TestActor, 1, 0, true));
        Report(TestActor, 0);
        Report(_relayB, 3);
        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        _time.Advance(RoomStart.Patience);

        Fish(EnvelopeKind.Entered).Members.ShouldBe(4);
        Report(_relayC, 2);
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId("bob"), TestActor, 2, 1, true));

        Fish(EnvelopeKind.Entered).Members.ShouldBe(7);
    }

    [Fact]
    public void Should_not_wait_for_a_node_that_is_gone()
    {
        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId("alice"), TestActor, 1, 0, true));
        Report(TestActor, 0);
        Report(_relayB, 3);

        _view.Remote.Tell(new PeerGone(RemoteRef.NodeC));

        Fish(EnvelopeKind.Entered).Members.ShouldBe(4);
    }

    [Fact]
    public void Should_put_the_loss_of_a_relay_at_its_place_when_its_node_is_gone()
    {
        Published().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        Report(TestActor, 1);
        Report(_relayB, 3);
        Report(_relayC, 2);

        _view.Remote.Tell(new PeerGone(RemoteRef.NodeB));

        var gone = Fish(EnvelopeKind.RelayGone);
        (gone.Relay, gone.Members).ShouldBe((_relayB, 3));
        _owner.Tell(new ConversationCommands.Enter(Room, new UserId("alice"), TestActor, 1, 0, true));
        Fish(EnvelopeKind.Entered).Order.ShouldBe(gone.Order + 1);
    }

    [Fact]
    public void Should_order_the_loss_of_a_relay_that_it_never_knew_when_another_relay_tells_of_it()
    {
        Report(TestActor, 1);
        Report(_relayC, 2);

        _owner.Tell(new ConversationCommands.Report(Room, _relayC, 2, 1) { Gone = [_relayB] });

        _publisher.ExpectMsg<ConversationEnvelope>().Kind.ShouldBe(EnvelopeKind.OwnerStarted);
        _view.Remote.Tell(new PeerGone(RemoteRef.NodeB));

        var gone = Fish(EnvelopeKind.RelayGone);
        (gone.Relay, gone.Members).ShouldBe((_relayB, 3));
    }

    private void Report(IActorRef relay, int users) => _owner.Tell(new ConversationCommands.Report(Room, relay, users, 0));

    private ConversationEnvelope Published() => _publisher.ExpectMsg<ConversationEnvelope>();

    private ConversationEnvelope Fish(EnvelopeKind kind) => _publisher.FishForMessage<ConversationEnvelope>(envelope => envelope.Kind == kind);

    private sealed class OpenGate : IFanoutGate
    {
        public bool IsOverloaded => false;
    }
}
