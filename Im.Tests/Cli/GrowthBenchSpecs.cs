using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Connect;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>How cost grows with connections, members, rooms and nodes, as <c>im bench connect</c> and <c>im bench room</c> show it.</summary>
public sealed class GrowthBenchSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    private static readonly CancellationToken NoCancellation = CancellationToken.None;
    private static readonly LatencySummary NoLatency = new(0, 0, 0, 0);

    [Fact]
    public async Task Should_give_each_room_its_broadcasts_in_turn_and_check_each_member()
    {
        var shape = new RoomShape(Rooms: 3, Members: 2);
        var broadcaster = new Broadcaster(shape, sizeBytes: 64, threads: 1);
        using var crowd = new Crowd(Endpoint.Resolve(node.WebSocket, 4), new RoomsWire(101, "growth", "t", shape.Rooms, shape.RoomConnections), shape.Connections, 1, broadcaster);
        broadcaster.Use(crowd);
        await crowd.TakeAsync(shape.Connections, 4, NoCancellation, Step.Connect, Step.Login, Step.Join);

        // Seven leave the rooms with three, two and two: the next round goes on in the second.
        var first = await broadcaster.RunAsync(7, new BroadcastPace(2), null, null, NoCancellation);
        var second = await broadcaster.RunAsync(5, new BroadcastPace(1), null, null, NoCancellation);

        (first.Sent, first.Deliveries, first.Faults).ShouldBe((7, 14, new DeliveryFaults(0, 0, 0)));
        (second.Sent, second.Deliveries, second.Faults).ShouldBe((5, 10, new DeliveryFaults(0, 0, 0)));
        crowd.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, 7, 3)]
    [InlineData(1, 7, 2)]
    [InlineData(2, 7, 2)]
    [InlineData(2, 9, 3)]
    [InlineData(0, 0, 0)]
    public void Should_count_what_a_room_gets_of_the_first_broadcasts(int room, int broadcasts, int expected) => new RoomShape(3, 2).CountOf(room, broadcasts).ShouldBe(expected);

    [Fact]
    public void Should_place_members_and_senders_room_by_room()
    {
        var shape = new RoomShape(2, 2);

        Enumerable.Range(0, shape.Connections).Select(shape.RoomOf).ShouldBe([0, 0, 0, 1, 1, 1]);
        Enumerable.Range(0, shape.Connections).Where(shape.IsSender).ShouldBe([shape.SenderOf(0), shape.SenderOf(1)]);
    }

    [Theory]
    [InlineData(10, 10_000, 1000)]
    [InlineData(10_000, 10, 30)]
    public void Should_broadcast_more_often_into_smaller_rooms_when_deliveries_are_given(int members, int messages, int warmUp)
    {
        var plan = new RoomPlan(Messages: 200, Deliveries: 100_000, WarmUp: 30, SizeBytes: 200);

        (plan.MessagesOf(new RoomShape(1, members)), plan.WarmUpOf(new RoomShape(1, members))).ShouldBe((messages, warmUp));
        (plan with { Deliveries = 0 }).MessagesOf(new RoomShape(1, members)).ShouldBe(200);
    }

    [Fact]
    public void Should_lift_the_limit_of_the_sender_unless_the_environment_sets_one()
    {
        SenderLimits.Lifted(_ => null).ShouldBe([("Im__WebSocket__CommandsPerSecond", "1000000")]);
        SenderLimits.Lifted(name => name == "Im__WebSocket__CommandsPerSecond" ? "50" : null).ShouldBeEmpty();
    }

    [Fact]
    public void Should_draw_the_cost_of_a_delivery_against_the_members_by_target()
    {
        var report = RoomReport.Of(
            200,
            [Run("im", 1, 10, 9), Run("im", 1, 1000, 3), Run("signalr", 1, 10, 20), Run("signalr", 1, 1000, 12), Run("im", 2, 10, 11), Run("im", 2, 1000, 5)],
            new Dictionary<string, int>());

        var plot = report.ToData().Growth.ShouldHaveSingleItem();
        plot.Axis.English.ShouldBe("members of a room");
        plot.Curves.Select(curve => curve.Points.Select(point => (point.X, point.Y)).ToArray()).ShouldBe([[(10, 10), (1000, 4)], [(10, 20), (1000, 12)]]);
        report.Ratios.Select(ratio => ratio.Shape.Members).ShouldBe([10, 1000]);
    }

    [Fact]
    public void Should_draw_the_cost_of_a_delivery_against_the_nodes_in_one_curve()
    {
        var report = RoomReport.Of(200, [Run("im-1", 1, 10, 9) with { Nodes = 1 }, Run("im-3", 1, 10, 15) with { Nodes = 3 }], new Dictionary<string, int>());

        var curve = report.ToData().Growth.ShouldHaveSingleItem().Curves.ShouldHaveSingleItem();

        curve.Points.Select(point => (point.X, point.Y)).ShouldBe([(1, 9), (3, 15)]);
    }

    [Fact]
    public void Should_draw_nothing_when_nothing_grew() => RoomReport.Of(200, [Run("im", 1, 10, 9)], new Dictionary<string, int>()).ToData().Growth.ShouldBeEmpty();

    [Fact]
    public void Should_draw_the_processors_of_idle_connections_against_their_number()
    {
        var step = new ConnectStep([new WaveResult(Step.Connect, 1, 0, TimeSpan.FromSeconds(1), Latencies.Create())], new MemorySample(1000, 0, 0, null, null, null)) { Held = new ConnectHold(TimeSpan.FromSeconds(20), 0.04, null) };
        var later = step with { Memory = step.Memory with { Connections = 9000 }, Held = new ConnectHold(TimeSpan.FromSeconds(20), 0.12, null) };

        var data = ConnectReport.Of([new ConnectTargetReport("im", 1, "im level 2", [step, later], null, null, new ClientLoad(0, 0, 0), new Dictionary<string, int>())]).ToData();

        data.Growth.ShouldHaveSingleItem().Curves.ShouldHaveSingleItem().Points.Select(point => (point.X, point.Y)).ShouldBe([(1000, 0.04), (9000, 0.12)]);
        data.Tables.Single(table => table.File == "memory").Rows.Select(row => row[^2]).ShouldBe([0.04, 0.12]);
    }

    private static RoomRun Run(string target, int round, int members, double micros) => new(target, round, 1, 10, 10, 100, 1000, micros, 0.5, 1, NoLatency, new DeliveryFaults(0, 0, 0), new ClientLoad(0.1, 0.1, 0))
    {
        Shape = new RoomShape(1, members),
    };
}
