using Im.Actors.Edge;
using Im.Actors.Sessions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Edge;

public sealed class PendingPushSpecs
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Should_name_the_device_when_its_acknowledgement_overtakes_the_routing()
    {
        var push = new PendingPush("m1", isDurable: false, WaitFor.Acked, _time, TimeSpan.FromSeconds(5));

        push.Observed(new PushEvents.DeviceResult("m1", "n1-c1", DeliveryState.Acked, null), _time.GetTimestamp()).ShouldBeFalse();
        push.Task.IsCompleted.ShouldBeFalse();
        push.Routed(new PushEvents.Routed("m1", false, [new PushEvents.RoutedDevice("n1-c1", "phone", "ios")])).ShouldBeTrue();

        var result = await push.Task;
        (result.State, result.Devices.Single().Device).ShouldBe((DeliveryState.Acked, "phone"));
    }

    [Fact]
    public async Task Should_leave_the_device_without_a_name_when_the_routing_never_comes()
    {
        var push = new PendingPush("m1", isDurable: false, WaitFor.Acked, _time, TimeSpan.FromSeconds(5));
        push.Observed(new PushEvents.DeviceResult("m1", "n1-c1", DeliveryState.Acked, null), _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(5));

        push.IsOver(_time.GetTimestamp()).ShouldBeTrue();

        var result = await push.Task;
        (result.State, result.Devices.Single().Device).ShouldBe((DeliveryState.Acked, ""));
    }
}
