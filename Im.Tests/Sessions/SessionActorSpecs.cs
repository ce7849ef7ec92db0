using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

public sealed class SessionActorSpecs : ActorSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));

    [Fact]
    public void Should_ask_to_be_stopped_when_the_last_connection_has_gone()
    {
        var shard = CreateTestProbe();
        var session = StartUnder(shard, Session);
        session.Tell(Attach("c1", TestActor), TestActor);
        ExpectMsg<SessionEvents.Attached>();

        session.Tell(new SessionCommands.Detach(Alice, "c1"));

        shard.ExpectMsg<Passivate>().StopMessage.ShouldBeOfType<SessionActor.Stop>();
    }

    [Fact]
    public void Should_have_its_connections_attach_again_when_one_came_before_the_stop()
    {
        var shard = CreateTestProbe();
        var connection = CreateTestProbe();
        var session = StartUnder(shard, Session);
        session.Tell(Attach("c1", TestActor), TestActor);
        session.Tell(new SessionCommands.Detach(Alice, "c1"));
        session.Tell(Attach("c2", connection.Ref), connection.Ref);

        session.Tell(SessionActor.Stop.Instance);

        shard.ExpectMsg<Passivate>();
        connection.ExpectMsg<SessionEvents.Attached>();
        var again = connection.ExpectMsg<SessionEvents.AttachAgain>().Attach;
        again.ShouldBe(Attach("c2", connection.Ref) with { SinceMs = again.SinceMs });
        again.SinceMs.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Should_close_the_older_connection_with_4006_when_its_device_attaches_again()
    {
        var older = CreateTestProbe();
        var session = StartUnder(CreateTestProbe(), Session);
        session.Tell(Attach("c1", older.Ref), older.Ref);
        older.ExpectMsg<SessionEvents.Attached>();

        session.Tell(Attach("c2", TestActor), TestActor);

        ExpectMsg<SessionEvents.Attached>().ConnectionId.ShouldBe("c2");
        var close = older.ExpectMsg<ConnectionCommands.Close>();
        close.Code.ShouldBe(CloseCode.ReplacedByLogin);
        close.TellKicked.ShouldBeTrue();
    }

    [Fact]
    public void Should_name_the_devices_before_their_results_when_it_routes_a_push()
    {
        var connection = CreateTestProbe();
        var session = StartUnder(CreateTestProbe(), Session);
        session.Tell(Attach("c1", connection.Ref), connection.Ref);

        session.Tell(new SessionCommands.Push(Alice, "m1", new Actors.Messages.PushFrames(null, null), [], TestActor));

        ExpectMsg<PushEvents.Routed>().Devices.ShouldBe([new PushEvents.RoutedDevice("c1", "device-1", "web")]);
        connection.ExpectMsg<SessionEvents.Attached>();
        connection.ExpectMsg<ConnectionCommands.Deliver>().MessageId.ShouldBe("m1");
    }

    [Fact]
    public void Should_route_to_nobody_when_no_device_has_the_platform()
    {
        var session = StartUnder(CreateTestProbe(), Session);
        session.Tell(Attach("c1", TestActor), TestActor);
        ExpectMsg<SessionEvents.Attached>();

        session.Tell(new SessionCommands.Push(Alice, "m1", new Actors.Messages.PushFrames(null, null), ["ios"], TestActor));

        ExpectMsg<PushEvents.Routed>().Devices.ShouldBeEmpty();
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    private static Props Session => SessionActor.Create(new SessionServices(DevicePolicies.Default, new MemoryStore(), NodeViews.Alone(), TimeProvider.System));

    private static SessionCommands.Attach Attach(string connection, IActorRef actor) => new(Alice, connection, actor, "device-1", "web", 0);
}
