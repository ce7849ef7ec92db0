using Im.Node.Health;
using Shouldly;
using Xunit;

namespace Im.Tests.Health;

public sealed class NodeReadinessSpecs
{
    private readonly NodeReadiness _readiness = new();

    [Fact]
    public void Should_name_what_is_missing_when_starting()
    {
        _readiness.Ready(NodePart.Storage);
        _readiness.Ready(NodePart.Cluster);
        _readiness.Ready(NodePart.Listener);
        _readiness.Ready(NodePart.Gate);

        _readiness.IsReady.ShouldBeFalse();
        _readiness.Reason.ShouldBe("regions: starting, relays: starting");
        _readiness.WhenReady.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Should_be_ready_when_every_part_is()
    {
        AllReady();

        _readiness.IsReady.ShouldBeTrue();
        _readiness.Reason.ShouldBe("ready");
        _readiness.WhenReady.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public void Should_say_why_when_a_part_is_lost_again()
    {
        AllReady();
        _readiness.NotReady(NodePart.Cluster, "left the cluster");

        _readiness.IsReady.ShouldBeFalse();
        _readiness.Reason.ShouldBe("cluster: left the cluster");
    }

    [Fact]
    public void Should_stay_unready_when_draining()
    {
        AllReady();
        _readiness.BeginDrain();
        AllReady();

        _readiness.IsReady.ShouldBeFalse();
        _readiness.Reason.ShouldBe("draining");
    }

    private void AllReady()
    {
        foreach (var part in Enum.GetValues<NodePart>()) _readiness.Ready(part);
    }
}
