using System.Text.Json.Serialization;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Room;

/// <summary>One target in one round with one depth of broadcasts under way.</summary>
/// <param name="ServerCpuMicros">Processor time of the server per delivery.</param>
/// <param name="ClientCpuMicros">The load client's, for comparison.</param>
internal sealed record RoomRun(
    string Target,
    int Round,
    int InFlight,
    int Planned,
    int Sent,
    long Deliveries,
    double DeliveriesPerSecond,
    double ServerCpuMicros,
    double ServerCpuShare,
    double ClientCpuMicros,
    LatencySummary Latency,
    DeliveryFaults Faults,
    ClientLoad Client)
{
    public required RoomShape Shape { get; init; }

    /// <summary>Among which the members are spread.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Broadcasts a second that were due, whose latencies count from then; 0: as many as <see cref="InFlight"/> allowed.</summary>
    public int Rate { get; init; }

    [JsonIgnore]
    public BroadcastPace Pace => new(InFlight, Rate);

    /// <summary>Processors that each node used; empty where there is one.</summary>
    public IReadOnlyList<double> CpuShareOfEach { get; init; } = [];

    /// <summary>How often a broadcast came to a node that is not its owner's, as the nodes counted; null where there is one node.</summary>
    public double? Crossings { get; init; }

    public string? Problem => Sent < Planned
        ? $"{Target}, {Shape}, round {Round}: {Sent} of {Planned} broadcasts were sent, then nothing moved"
        : Crossings is < 0.999 or > 1.001 ? $"{Target}, {Shape}, round {Round}: each broadcast crossed {Crossings:0.000} times to each other node"
        : !Faults.None ? $"{Target}, {Shape}, round {Round}: {Format.Faults(Faults)}"
        : Client.Refusal is { } refusal ? $"{Target}, {Shape}, round {Round}, {Pace}: {refusal}" : null;
}

/// <summary>Medians over the rounds.</summary>
internal sealed record RoomMedian(string Target, int Nodes, RoomShape Shape, BroadcastPace Pace, double DeliveriesPerSecond, double ServerCpuMicros, double P50Ms, double P99Ms, double MaxMs);

/// <summary>The first target's figures divided by another's in the same round; the median of those.</summary>
internal sealed record RoomRatio(string Target, string Peer, RoomShape Shape, BroadcastPace Pace, BroadcastPace PeerPace, double ServerCpu, double DeliveriesPerSecond, double P99);

internal sealed record RoomReport(
    int SizeBytes,
    IReadOnlyList<RoomRun> Runs,
    IReadOnlyList<RoomMedian> Medians,
    IReadOnlyList<RoomRatio> Ratios,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyList<string> Problems) : BenchReport("room", Problems)
{
    public override ReportData ToData() => RoomData.Of(this);

    public static RoomReport Of(int sizeBytes, IReadOnlyList<RoomRun> runs, IReadOnlyDictionary<string, int> errors)
    {
        var problems = runs.Select(run => run.Problem).OfType<string>().ToList();
        if (errors.Count > 0) problems.Add(Format.Faults(errors));
        var medians = runs.GroupBy(run => (run.Target, run.Nodes, run.Shape, run.Pace)).Select(group => new RoomMedian(
            group.Key.Target,
            group.Key.Nodes,
            group.Key.Shape,
            group.Key.Pace,
            Median.Of(group.Select(run => run.DeliveriesPerSecond)),
            Median.Of(group.Select(run => run.ServerCpuMicros)),
            Median.Of(group.Select(run => run.Latency.P50Ms)),
            Median.Of(group.Select(run => run.Latency.P99Ms)),
            group.Max(run => run.Latency.MaxMs)));
        return new RoomReport(sizeBytes, runs, [.. medians], [.. Pair(runs)], errors, problems);
    }

    /// <summary>Pairs each run of the first target with every other's of the same round, rooms and depth.</summary>
    internal static IEnumerable<RoomRatio> Pair(IReadOnlyList<RoomRun> runs)
    {
        var first = runs.Count > 0 ? runs[0].Target : "";
        foreach (var other in runs.Where(run => run.Target != first).GroupBy(run => (run.Target, run.Shape, run.Pace)))
        {
            var pairs = runs.Where(run => run.Target == first && run.Shape == other.Key.Shape && run.InFlight == other.Key.Pace.InFlight)
                .Join(other, ours => ours.Round, peer => peer.Round, (ours, peer) => (ours, peer))
                .ToArray();
            if (pairs.Length == 0) continue;
            yield return new RoomRatio(
                first,
                other.Key.Target,
                other.Key.Shape,
                pairs[0].ours.Pace,
                other.Key.Pace,
                Median.Of(pairs.Select(pair => pair.ours.ServerCpuMicros / pair.peer.ServerCpuMicros)),
                Median.Of(pairs.Select(pair => pair.ours.DeliveriesPerSecond / pair.peer.DeliveriesPerSecond)),
                Median.Of(pairs.Select(pair => pair.ours.Latency.P99Ms / pair.peer.Latency.P99Ms)));
        }
    }
}
