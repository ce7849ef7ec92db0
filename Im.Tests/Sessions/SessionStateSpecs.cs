using Akka.Actor;
using Im.Actors.Sessions;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

public sealed class SessionStateSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));

    [Theory]
    [InlineData("device-1", 5, nameof(AttachDecision.Replace))]
    [InlineData("device-1", 4, nameof(AttachDecision.Replace))]
    [InlineData("device-1", 3, nameof(AttachDecision.RefuseStale))]
    [InlineData("device-2", 0, nameof(AttachDecision.Accept))]
    [InlineData(null, 0, nameof(AttachDecision.Accept))]
    public void Should_let_the_later_attempt_of_a_device_win_when_another_connection_attaches(string? device, long attempt, string decision)
    {
        var state = SessionState.Empty.Apply(Attach("c1", "device-1", 4));

        state.Decide(Attach("c2", device, attempt)).Decision.ToString().ShouldBe(decision);
    }

    [Fact]
    public void Should_change_nothing_when_the_same_attach_comes_again()
    {
        var state = SessionState.Empty.Apply(Attach("c1", "device-1", 4)).Apply(Attach("c2", "device-2", 0));

        state.Decide(Attach("c1", "device-1", 4)).Decision.ShouldBe(AttachDecision.Accept);
        state.Apply(Attach("c1", "device-1", 4)).Connections.ShouldBe(state.Connections, ignoreOrder: true);
    }

    [Fact]
    public void Should_hold_one_connection_of_a_device_when_it_attached_twice()
    {
        var state = SessionState.Empty.Apply(Attach("c1", "device-1", 1)).Apply(Attach("c2", "device-1", 2));

        state.Connections.Select(connection => connection.ConnectionId).ShouldBe(["c2"]);
    }

    [Fact]
    public void Should_hold_every_level_0_connection_when_there_is_no_device()
    {
        var state = SessionState.Empty.Apply(Attach("c1", null, 0)).Apply(Attach("c2", null, 0));

        state.Connections.Select(connection => connection.DeviceName).ShouldBe(["c1", "c2"]);
    }

    [Fact]
    public void Should_be_empty_when_the_last_connection_detached()
    {
        var state = SessionState.Empty.Apply(Attach("c1", null, 0));

        state.Apply(new SessionCommands.Detach(Alice, "unknown")).IsEmpty.ShouldBeFalse();
        state.Apply(new SessionCommands.Detach(Alice, "c1")).IsEmpty.ShouldBeTrue();
    }

    private static SessionCommands.Attach Attach(string connection, string? device, long attempt) =>
        new(Alice, connection, ActorRefs.Nobody, device, "web", attempt);
}
