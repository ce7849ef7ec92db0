using Im.Cli.Bench.Measure;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>When <c>im bench</c> takes a server for quiet.</summary>
public sealed class QuietJudgeSpecs
{
    [Theory]
    [InlineData(1, 0.02)]
    [InlineData(3, 0.29)]
    public void Should_be_quiet_at_once_when_little_is_used(int processes, double share) => new QuietJudge(processes).IsQuietAfter(share).ShouldBeTrue();

    /// <summary>18,000 connections that send a heartbeat in 25 s each.</summary>
    [Fact]
    public void Should_be_quiet_when_heartbeats_are_all_that_goes_on() => FirstQuiet(1, [0.9, 0.5, 0.21, 0.18, 0.22, 0.2, 0.19]).ShouldBe(6);

    [Fact]
    public void Should_not_be_quiet_while_what_is_used_still_falls() => FirstQuiet(1, [0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05]).ShouldBeNull();

    [Fact]
    public void Should_not_be_quiet_while_the_server_is_at_work_however_steadily() => FirstQuiet(1, [1, 1.01, 1, 0.99, 1, 1, 1, 1]).ShouldBeNull();

    [Fact]
    public void Should_take_several_processes_together() => FirstQuiet(6, [3.5, 1.3, 1.24, 1.2, 1.27, 1.25]).ShouldBe(5);

    /// <summary>Index of the first interval after which the server was quiet.</summary>
    private static int? FirstQuiet(int processes, double[] shares)
    {
        var judge = new QuietJudge(processes);
        foreach (var (index, share) in shares.Index())
        {
            if (judge.IsQuietAfter(share)) return index;
        }

        return null;
    }
}
