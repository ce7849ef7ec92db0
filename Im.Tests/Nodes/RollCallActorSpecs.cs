using Akka.Actor;
using Akka.TestKit;
using Im.Actors.Edge;
using Im.Actors.Nodes;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Nodes;

/// <summary>One node answers by a probe, the other is silent.</summary>
public sealed class RollCallActorSpecs : ActorSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));
    private static readonly UserKey Bob = new(new AppId(101), new UserId("bob"));

    private readonly FakeTimeProvider _time = new();
    private readonly PeerTable _peers = new();
    private readonly TestProbe _node;
    private readonly Address _answering;
    private readonly IActorRef _calls;

    public RollCallActorSpecs()
    {
        _node = CreateTestProbe();
        Sys.ActorOf(Props.Create(() => new Forwarder(_node.Ref)), NodeActor.Name);
        _answering = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        _calls = Sys.ActorOf(RollCallActor.Create(_peers, _time));
    }

    [Fact]
    public void Should_ask_for_several_sessions_in_one_question()
    {
        _peers.Set([_answering]);

        Call(Alice);
        Call(Bob);

        var asked = new List<UserKey>();
        while (asked.Count < 2) asked.AddRange(_node.ExpectMsg<NodeQueries.GetHeld>().Users);
        asked.ShouldBe([Alice, Bob]);
    }

    [Fact]
    public void Should_tell_what_was_found_when_every_part_of_the_answer_has_come()
    {
        _peers.Set([_answering]);
        Call(Alice);
        var question = _node.ExpectMsg<NodeQueries.GetHeld>();

        Answer(question, isLast: false, Held("c1"));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Answer(question, isLast: true, Held("c2"));

        var done = ExpectMsg<RollCall.Done>();
        done.IsComplete.ShouldBeTrue();
        done.Found.Select(attach => attach.ConnectionId).ShouldBe(["c1", "c2"]);
    }

    [Fact]
    public void Should_tell_what_is_known_after_two_seconds_and_the_rest_when_the_silent_node_is_gone()
    {
        _peers.Set([_answering, RemoteRef.NodeB]);
        Call(Alice);
        Answer(_node.ExpectMsg<NodeQueries.GetHeld>(), isLast: true, Held("c1"));

        _time.Advance(RollCallActor.Patience);
        ExpectMsg<RollCall.Done>().IsComplete.ShouldBeFalse();
        _calls.Tell(new PeerGone(RemoteRef.NodeB));

        var done = ExpectMsg<RollCall.Done>();
        done.IsComplete.ShouldBeTrue();
        done.Found.ShouldHaveSingleItem().ConnectionId.ShouldBe("c1");
    }

    [Fact]
    public void Should_ask_again_when_a_question_was_lost()
    {
        _peers.Set([_answering]);
        Call(Alice);
        _node.ExpectMsg<NodeQueries.GetHeld>();

        _time.Advance(TimeSpan.FromSeconds(1));

        var again = _node.ExpectMsg<NodeQueries.GetHeld>();
        again.Users.ShouldBe([Alice]);
        Answer(again, isLast: true);
        ExpectMsg<RollCall.Done>().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Should_answer_at_once_when_there_is_nobody_to_ask()
    {
        _peers.Set([]);

        Call(Alice);

        ExpectMsg<RollCall.Done>().IsComplete.ShouldBeTrue();
    }

    [Fact]
    public void Should_wait_until_the_nodes_are_known()
    {
        Call(Alice);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        _peers.Set([_answering]);

        Answer(_node.ExpectMsg<NodeQueries.GetHeld>(), isLast: true, Held("c1"));
        ExpectMsg<RollCall.Done>().Found.ShouldHaveSingleItem();
    }

    [Fact]
    public void Should_leave_out_what_a_node_said_that_is_gone()
    {
        _peers.Set([_answering, RemoteRef.NodeB]);
        Call(Alice);
        Answer(_node.ExpectMsg<NodeQueries.GetHeld>(), isLast: true, Held("c1"), Held("c2", RemoteRef.NodeC));

        _calls.Tell(new PeerGone(RemoteRef.NodeC));
        _calls.Tell(new PeerGone(RemoteRef.NodeB));

        ExpectMsg<RollCall.Done>().Found.ShouldHaveSingleItem().ConnectionId.ShouldBe("c1");
    }

    private void Call(UserKey user) => _calls.Tell(new RollCall.Call(user, TestActor));

    private void Answer(NodeQueries.GetHeld question, bool isLast, params SessionCommands.Attach[] found) =>
        _calls.Tell(new NodeAnswers.Held(question.Number, found, isLast));

    private static SessionCommands.Attach Held(string id, Address? node = null) =>
        new(Alice, id, new RemoteRef(ActorRefs.Nobody, node ?? Address.Parse("akka.tcp://im@a:1"), id), "device-1", "web", 0) { SinceMs = 1 };

    private sealed class Forwarder(IActorRef probe) : UntypedActor
    {
        protected override void OnReceive(object message) => probe.Forward(message);
    }
}
