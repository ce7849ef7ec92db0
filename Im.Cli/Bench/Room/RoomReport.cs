using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;

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
    public string? Problem => Sent < Planned
        ? $"{Target}, round {Round}: {Sent} of {Planned} broadcasts were sent, then nothing moved"
        : !Faults.None ? $"{Target}, round {Round}: {Faults.Missing} deliveries missing, {Faults.Doubled} doubled, {Faults.Misordered} out of order"
        : Client.Refusal is { } refusal ? $"{Target}, round {Round}, {InFlight} in flight: {refusal}" : null;
}

/// <summary>Medians over the rounds.</summary>
internal sealed record RoomMedian(string Target, int InFlight, double DeliveriesPerSecond, double ServerCpuMicros, double P50Ms, double P99Ms, double MaxMs);

/// <summary>Ours divided by the peer's in the same round; the median of those.</summary>
internal sealed record RoomRatio(int InFlight, double ServerCpu, double DeliveriesPerSecond, double P99);

internal sealed record RoomReport(
    Machine Machine,
    int Members,
    int SizeBytes,
    IReadOnlyList<RoomRun> Runs,
    IReadOnlyList<RoomMedian> Medians,
    IReadOnlyList<RoomRatio> Ratios,
    IReadOnlyDictionary<string, int> Errors,
    bool Valid,
    IReadOnlyList<string> Problems)
{
    public string Scenario { get; } = "room";

    public static RoomReport Of(int members, int sizeBytes, IReadOnlyList<RoomRun> runs, IReadOnlyDictionary<string, int> errors)
    {
        var problems = runs.Select(run => run.Problem).OfType<string>().ToList();
        if (errors.Count > 0) problems.Add(Format.Faults(errors));
        var medians = runs.GroupBy(run => (run.Target, run.InFlight)).Select(group => new RoomMedian(
            group.Key.Target,
            group.Key.InFlight,
            Median.Of(group.Select(run => run.DeliveriesPerSecond)),
            Median.Of(group.Select(run => run.ServerCpuMicros)),
            Median.Of(group.Select(run => run.Latency.P50Ms)),
            Median.Of(group.Select(run => run.Latency.P99Ms)),
            group.Max(run => run.Latency.MaxMs)));
        return new RoomReport(Machine.Here, members, sizeBytes, runs, [.. medians], [.. Pair(runs)], errors, problems.Count == 0, problems);
    }

    /// <summary>Pairs each run of ours with the peer's of the same round and depth.</summary>
    internal static IEnumerable<RoomRatio> Pair(IReadOnlyList<RoomRun> runs)
    {
        var first = runs.Count > 0 ? runs[0].Target : "";
        foreach (var depth in runs.GroupBy(run => run.InFlight))
        {
            var pairs = depth.Where(run => run.Target == first)
                .Join(depth.Where(run => run.Target != first), ours => ours.Round, peer => peer.Round, (ours, peer) => (ours, peer))
                .ToArray();
            if (pairs.Length == 0) continue;
            yield return new RoomRatio(
                depth.Key,
                Median.Of(pairs.Select(pair => pair.ours.ServerCpuMicros / pair.peer.ServerCpuMicros)),
                Median.Of(pairs.Select(pair => pair.ours.DeliveriesPerSecond / pair.peer.DeliveriesPerSecond)),
                Median.Of(pairs.Select(pair => pair.ours.Latency.P99Ms / pair.peer.Latency.P99Ms)));
        }
    }
}
