using Akka.Actor;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

public sealed class SessionStateSpecs
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));

    private static readonly DevicePolicy Default = DevicePolicy.Default;

    [Theory]
    [InlineData("device-1", 5, nameof(AttachDecision.Accept), 1)]
    [InlineData("device-1", 4, nameof(AttachDecision.Accept), 1)]
    [InlineData("device-1", 3, nameof(AttachDecision.RefuseStale), 0)]
    [InlineData("device-2", 0, nameof(AttachDecision.Accept), 0)]
    [InlineData(null, 0, nameof(AttachDecision.Accept), 0)]
    public void Should_let_the_later_attempt_of_a_device_win_when_another_connection_attaches(string? device, long attempt, string decision, int losers)
    {
        var state = With(Attach("c1", "device-1", 4));

        var plan = state.Decide(Attach("c2", device, attempt), Default);

        (plan.Decision.ToString(), plan.Losers.Count).ShouldBe((decision, losers));
    }

    [Theory]
    [InlineData("none", "device-1", "web", 0)]
    [InlineData("device", "device-2", "web", 0)]
    [InlineData("device", "device-1", "ios", 1)]
    [InlineData("platform", "device-2", "web", 1)]
    [InlineData("platform", "device-2", "ios", 0)]
    [InlineData("platform", "device-1", "ios", 1)]
    [InlineData("platform", null, null, 1)]
    [InlineData("single", "device-2", "ios", 3)]
    [InlineData("single", null, null, 3)]
    public void Should_kick_those_whom_the_policy_excludes_when_another_connection_attaches(string rule, string? device, string? platform, int losers)
    {
        var state = With(Attach("c1", "device-1", 0), Attach("c3", "device-3", 0, "mini"), Attach("c0", null, 0, null));

        var plan = state.Decide(Attach("c2", device, 1, platform), new DevicePolicy(Rule(rule)));

        (plan.Decision, plan.Losers.Count).ShouldBe((AttachDecision.Accept, losers));
    }

    [Theory]
    [InlineData("device", "device-1", 1, nameof(AttachDecision.RefuseNew))]
    [InlineData("device", "device-1", 2, nameof(AttachDecision.Accept))]
    [InlineData("device", "device-1", 0, nameof(AttachDecision.RefuseStale))]
    [InlineData("platform", "device-2", 9, nameof(AttachDecision.RefuseNew))]
    [InlineData("single", "device-2", 9, nameof(AttachDecision.RefuseNew))]
    [InlineData("single", null, 0, nameof(AttachDecision.RefuseNew))]
    [InlineData("none", "device-1", 0, nameof(AttachDecision.Accept))]
    public void Should_refuse_the_new_one_when_the_policy_says_so(string rule, string? device, long attempt, string decision)
    {
        var state = With(Attach("c1", "device-1", 1));

        state.Decide(Attach("c2", device, attempt), new DevicePolicy(Rule(rule), ConflictRule.Refuse)).Decision.ToString().ShouldBe(decision);
    }

    [Fact]
    public void Should_change_nothing_when_the_same_attach_comes_again()
    {
        var state = With(Attach("c1", "device-1", 4), Attach("c2", "device-2", 0));
        var again = Attach("c1", "device-1", 4);

        var plan = state.Decide(again, new DevicePolicy(DeviceRule.Device, ConflictRule.Refuse));

        plan.Decision.ShouldBe(AttachDecision.Accept);
        state.Apply(again, plan.Losers).Connections.ShouldBe(state.Connections, ignoreOrder: true);
    }

    [Fact]
    public void Should_hold_one_connection_of_a_device_when_it_attached_twice()
    {
        With(Attach("c1", "device-1", 1), Attach("c2", "device-1", 2)).Connections.Select(connection => connection.ConnectionId).ShouldBe(["c2"]);
    }

    [Fact]
    public void Should_hold_every_level_0_connection_when_there_is_no_device()
    {
        With(Attach("c1", null, 0), Attach("c2", null, 0)).Connections.Select(connection => connection.DeviceName).ShouldBe(["c1", "c2"]);
    }

    [Fact]
    public void Should_be_empty_when_the_last_connection_detached()
    {
        var state = With(Attach("c1", null, 0));

        state.Apply(new SessionCommands.Detach(Alice, "unknown")).IsEmpty.ShouldBeFalse();
        state.Apply(new SessionCommands.Detach(Alice, "c1")).IsEmpty.ShouldBeTrue();
    }

    private static SessionState With(params SessionCommands.Attach[] attaches) =>
        attaches.Aggregate(SessionState.Empty, (state, attach) => state.Apply(attach, state.Decide(attach, Default).Losers));

    private static DeviceRule Rule(string name) => Enum.Parse<DeviceRule>(name, ignoreCase: true);

    private static SessionCommands.Attach Attach(string connection, string? device, long attempt, string? platform = "web") =>
        new(Alice, connection, ActorRefs.Nobody, device, platform, attempt);
}
