using Im.Cli.Bench;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class MeasureSpecs
{
    private static readonly LatencySummary NoLatency = new(0, 0, 0, 0);
    private static readonly ClientLoad Idle = new(0.1, 0.1, 0);

    [Fact]
    public void Should_divide_the_growth_by_the_added_connections()
    {
        var slope = MemorySlope.Between([Sample(2000, rss: 100_000_000, heap: 50_000_000), Sample(18_000, rss: 148_000_000, heap: 82_000_000)]);
        slope.ShouldBe(new MemorySlope(3000, 2000, null));
    }

    [Fact]
    public void Should_use_the_first_and_the_last_when_there_are_steps_between() =>
        MemorySlope.Between([Sample(1000, 1_000_000, 0), Sample(2000, 9_000_000, 0), Sample(3000, 5_000_000, 0)]).RssBytes.ShouldBe(2000);

    [Fact]
    public void Should_refuse_a_slope_when_the_connections_did_not_grow()
    {
        Should.Throw<BenchException>(() => MemorySlope.Between([Sample(2000, 1, 1)]));
        Should.Throw<BenchException>(() => MemorySlope.Between([Sample(2000, 1, 1), Sample(2000, 2, 2)]));
    }

    [Theory]
    [InlineData(0.89, 0.80, false)]
    [InlineData(0.90, 0.10, true)]
    [InlineData(0.10, 0.85, true)]
    public void Should_refuse_the_result_when_the_client_was_saturated(double reactor, double process, bool refused)
    {
        var load = ClientLoad.Of(TimeSpan.FromSeconds(10), [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10 * reactor)], TimeSpan.Zero, TimeSpan.FromSeconds(10 * process), processors: 2);
        load.IsBottleneck.ShouldBe(refused);
        (load.Refusal is not null).ShouldBe(refused);
    }

    [Fact]
    public void Should_take_half_of_the_machine_as_the_share_of_the_client() =>
        ClientLoad.Of(TimeSpan.FromSeconds(10), [TimeSpan.FromSeconds(5)], TimeSpan.Zero, TimeSpan.FromSeconds(20), processors: 8).ProcessShare.ShouldBe(0.5, 1e-9);

    [Fact]
    public void Should_be_invalid_when_a_run_of_the_room_had_a_saturated_client()
    {
        var report = RoomReport.Of(200, [Run("im", 1, 5) with { Client = new ClientLoad(0.95, 0.5, 0) }], new Dictionary<string, int>());
        report.Valid.ShouldBeFalse();
        report.Problems.ShouldHaveSingleItem().ShouldContain("95");
    }

    [Fact]
    public void Should_be_invalid_when_a_delivery_is_missing() =>
        RoomReport.Of(200, [Run("im", 1, 5) with { Faults = new DeliveryFaults(1, 0, 0) }], new Dictionary<string, int>()).Valid.ShouldBeFalse();

    [Fact]
    public void Should_be_invalid_when_not_all_broadcasts_were_sent() =>
        RoomReport.Of(200, [Run("im", 1, 5) with { Sent = 9 }], new Dictionary<string, int>()).Valid.ShouldBeFalse();

    [Fact]
    public void Should_pair_the_rounds_when_a_peer_took_turns()
    {
        var report = RoomReport.Of(200, [Run("im", 1, 5), Run("signalr", 1, 10), Run("im", 2, 9), Run("signalr", 2, 10), Run("im", 3, 6), Run("signalr", 3, 10)], new Dictionary<string, int>());
        report.Valid.ShouldBeTrue();
        report.Ratios.ShouldHaveSingleItem().ServerCpu.ShouldBe(0.6, 1e-9);
        report.Medians.Select(median => median.ServerCpuMicros).ShouldBe([6.0, 10.0]);
    }

    [Theory]
    [InlineData(new[] { 3.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 2, 3 }, 2.5)]
    public void Should_take_the_middle_as_median(double[] values, double expected) => Median.Of(values).ShouldBe(expected);

    [Fact]
    public void Should_read_socket_counts_when_the_kernel_lists_them() =>
        ProcessMemory.Sockets(["sockets: used 16", "TCP: inuse 7 orphan 0 tw 0 alloc 1 mem 3"]).ShouldBe((7, 3L * Environment.SystemPageSize));

    [Fact]
    public void Should_say_what_to_set_when_the_file_limit_is_too_low()
    {
        Should.Throw<BenchException>(() => FileLimit.Require(18_000, 4096)).Message.ShouldContain("ulimit -n 18200");
        Should.NotThrow(() => FileLimit.Require(18_000, 18_200));
    }

    private static MemorySample Sample(int connections, long rss, long heap) => new(connections, rss, heap, null, null, null);

    private static RoomRun Run(string target, int round, double micros) => new(target, round, 1, 10, 10, 100, 1000, micros, 0.5, 1, NoLatency, new DeliveryFaults(0, 0, 0), Idle) { Shape = new RoomShape(1, 10) };
}
