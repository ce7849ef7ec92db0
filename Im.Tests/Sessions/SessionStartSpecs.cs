using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.TestKit;
using Im.Actors.Connections;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

/// <summary>A SessionActor among several nodes: what it begins with, what it says while a node is silent, and how connections leave.</summary>
public sealed class SessionStartSpecs : ActorSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));
    private readonly MemoryStore _store = new();
    private readonly TestProbe _shard;
    private readonly TestProbe _rollCall;
    private readonly NodeView _view;
    private readonly IActorRef _session;

    public SessionStartSpecs()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        (_shard, _rollCall) = (CreateTestProbe(), CreateTestProbe());
        _view = NodeViews.With(_rollCall.Ref, _time, RemoteRef.NodeB, RemoteRef.NodeC);
        _session = StartUnder(_shard, SessionActor.Create(new SessionServices(DevicePolicies.Default, _store, _view, _time)));
    }

    [Fact]
    public void Should_let_a_login_wait_when_the_other_nodes_have_not_answered()
    {
        Login("c2", "device-1", attempt: 2);

        _rollCall.ExpectMsg<RollCall.Call>().ShouldBe(new RollCall.Call(Alice, _session));
        ExpectNoMsg(Short);
        Called(isComplete: true);

        ExpectMsg<SessionEvents.Attached>().ConnectionId.ShouldBe("c2");
    }

    [Fact]
    public void Should_close_the_device_s_earlier_connection_when_another_node_holds_it()
    {
        var older = CreateTestProbe();
        Login("c2", "device-1", attempt: 2);

        Called(isComplete: true, Held("c1", older, attempt: 1));

        older.ExpectMsg<ConnectionCommands.Close>().Code.ShouldBe(CloseCode.ReplacedByLogin);
        ExpectMsg<SessionEvents.Attached>().ConnectionId.ShouldBe("c2");
    }

    [Fact]
    public void Should_refuse_a_login_when_another_node_holds_a_later_attempt_of_its_device()
    {
        Login("c2", "device-1", attempt: 1);

        Called(isComplete: true, Held("c1", CreateTestProbe(), attempt: 5));

        ExpectMsg<SessionEvents.AttachRefused>().ByPolicy.ShouldBeFalse();
    }

    [Fact]
    public void Should_keep_the_order_of_what_came_while_it_asked()
    {
        Login("c1", "device-1", attempt: 1);
        _session.Tell(new SessionCommands.Detach(Alice, "c1"));

        Called(isComplete: true);

        ExpectMsg<SessionEvents.Attached>();
        _shard.ExpectMsg<Passivate>();
    }

    [Fact]
    public void Should_say_that_it_does_not_know_all_devices_while_a_node_is_silent()
    {
        Push();
        Called(isComplete: false);
        Routed().IsPartial.ShouldBeTrue();

        Called(isComplete: true);
        Push();

        Routed().IsPartial.ShouldBeFalse();
    }

    [Fact]
    public void Should_not_say_offline_before_every_node_has_answered()
    {
        _session.Tell(new SessionCommands.Watch(Alice, "w1", TestActor), TestActor);
        Called(isComplete: false);
        ExpectNoMsg(Short);

        Called(isComplete: true);

        ExpectMsg<SessionEvents.Presence>().IsOnline.ShouldBeFalse();
    }

    [Fact]
    public void Should_say_online_at_once_when_the_silent_node_holds_somebody_after_all()
    {
        _session.Tell(new SessionCommands.Watch(Alice, "w1", TestActor), TestActor);
        Called(isComplete: false);

        Called(isComplete: true, Held("c1", CreateTestProbe()));

        ExpectMsg<SessionEvents.Presence>().IsOnline.ShouldBeTrue();
        ExpectNoMsg(Short);
    }

    [Fact]
    public void Should_begin_with_the_connections_of_its_own_node_and_ask_nobody_when_it_is_alone()
    {
        var view = NodeViews.Alone(_time);
        var session = StartUnder(CreateTestProbe(), SessionActor.Create(new SessionServices(DevicePolicies.Default, _store, view, _time)));

        session.Tell(new SessionCommands.Kick(Alice, [], ""), TestActor);

        ExpectMsg<SessionEvents.Kicked>().IsPartial.ShouldBeFalse();
    }

    [Fact]
    public void Should_drop_the_connections_of_a_node_at_once_when_it_is_gone()
    {
        Push();
        Called(isComplete: true, Held("c1", CreateTestProbe()), Held("c2", CreateTestProbe(), "device-2", node: RemoteRef.NodeC));
        Routed().Devices.Count.ShouldBe(2);

        _view.Remote.Tell(new PeerGone(RemoteRef.NodeB));
        Push();

        Routed().Devices.ShouldHaveSingleItem().ConnectionId.ShouldBe("c2");
    }

    [Fact]
    public void Should_say_offline_two_seconds_late_and_store_when_it_was_when_the_users_node_is_gone()
    {
        _session.Tell(new SessionCommands.Watch(Alice, "w1", TestActor), TestActor);
        Called(isComplete: true, Held("c1", CreateTestProbe()));
        ExpectMsg<SessionEvents.Presence>().IsOnline.ShouldBeTrue();

        _view.Remote.Tell(new PeerGone(RemoteRef.NodeB));
        Pass(TimeSpan.FromSeconds(1.9));
        ExpectNoMsg(Short);
        Pass(TimeSpan.FromSeconds(0.2));

        ExpectMsg<SessionEvents.Presence>().IsOnline.ShouldBeFalse();
        _store.LastSeen(Alice.App, Alice.User.Value).ShouldBe(1_000_000);
    }

    [Fact]
    public void Should_take_nobody_in_from_a_node_that_went_after_it_had_answered()
    {
        Push();
        _view.Peers.Set([RemoteRef.NodeC]);

        Called(isComplete: true, Held("c1", CreateTestProbe()));

        Routed().Devices.ShouldBeEmpty();
    }

    [Fact]
    public void Should_forget_a_connection_of_another_node_when_it_was_not_offered_for_a_lease()
    {
        Push();
        Called(isComplete: true, Held("c1", CreateTestProbe()));
        Routed().Devices.ShouldHaveSingleItem();

        _time.Advance(NodeViews.Lease + TimeSpan.FromSeconds(1));
        _view.Remote.Sweep();
        Push();

        Routed().Devices.ShouldBeEmpty();
        _view.Remote.Count.ShouldBe(0);
    }

    [Fact]
    public void Should_keep_a_connection_of_another_node_when_it_is_offered_again()
    {
        var held = Held("c1", CreateTestProbe());
        Push();
        Called(isComplete: true, held);
        Routed();

        for (var i = 0; i < 4; i++)
        {
            _time.Advance(NodeViews.Lease * 2 / 3);
            _session.Tell(new SessionCommands.Offer(held));
            Push();
            Routed().Devices.ShouldHaveSingleItem();
            _view.Remote.Sweep();
        }

        Push();
        Routed().Devices.ShouldHaveSingleItem();
    }

    [Fact]
    public void Should_close_an_offered_connection_when_a_later_login_has_its_place()
    {
        var stranger = CreateTestProbe();
        Login("c2", "device-1", attempt: 2);
        Called(isComplete: true);
        ExpectMsg<SessionEvents.Attached>();

        _session.Tell(new SessionCommands.Offer(Held("c1", stranger, attempt: 1)));

        stranger.ExpectMsg<ConnectionCommands.Close>().Code.ShouldBe(CloseCode.ReplacedByLogin);
    }

    [Fact]
    public void Should_close_the_known_connection_when_an_offered_one_is_the_later_attempt()
    {
        Login("c2", "device-1", attempt: 2);
        Called(isComplete: true);
        ExpectMsg<SessionEvents.Attached>();

        _session.Tell(new SessionCommands.Offer(Held("c3", CreateTestProbe(), attempt: 3)));

        ExpectMsg<ConnectionCommands.Close>().Code.ShouldBe(CloseCode.ReplacedByLogin);
    }

    [Fact]
    public void Should_not_take_in_an_offer_that_is_older_than_the_nodes_answer()
    {
        _session.Tell(new SessionCommands.Offer(Held("c1", CreateTestProbe())));
        Push();

        Called(isComplete: true);

        Routed().Devices.ShouldBeEmpty();
    }

    private void Login(string id, string device, long attempt) =>
        _session.Tell(new SessionCommands.Attach(Alice, id, TestActor, device, "web", attempt), TestActor);

    private void Push() => _session.Tell(new SessionCommands.Push(Alice, "m1", new PushFrames(null, null), [], TestActor), TestActor);

    private PushEvents.Routed Routed() => ExpectMsg<PushEvents.Routed>();

    private void Called(bool isComplete, params SessionCommands.Attach[] found) => _session.Tell(new RollCall.Done(found, isComplete));

    private static SessionCommands.Attach Held(string id, TestProbe connection, string device = "device-1", long attempt = 0, Address? node = null) =>
        new(Alice, id, new RemoteRef(connection.Ref, node ?? RemoteRef.NodeB, id), device, "web", attempt) { SinceMs = 900_000 };

    /// <summary>What was told before is handled first.</summary>
    private void Pass(TimeSpan span)
    {
        var settled = CreateTestProbe();
        _session.Tell(new SessionCommands.Kick(Alice, ["none"], ""), settled.Ref);
        settled.ExpectMsg<SessionEvents.Kicked>();
        _time.Advance(span);
        ((TestScheduler)Sys.Scheduler).Advance(span);
    }
}
