using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;
using Im.Cli.Text;

namespace Im.Cli.Bench.Mixed;

/// <summary>What one kind of work came to.</summary>
/// <param name="Due">Asked for; of the room deliveries.</param>
/// <param name="Refused">Refusals and lost connections.</param>
/// <param name="Latency">From when each was due.</param>
internal sealed record MixedFigures(string Kind, int Rate, long Due, long Done, LatencySummary Latency, DeliveryFaults Faults, int Refused);

internal sealed record MixedReport(
    MixedPlan Plan,
    IReadOnlyList<MixedFigures> Kinds,
    double? ServerCpuShare,
    ClientLoad Client,
    IReadOnlyList<string> Problems) : BenchReport("mixed", Problems)
{
    public override ReportData ToData() => MixedData.Of(this);

    public static MixedReport Of(MixedPlan plan, IReadOnlyList<MixedFigures> kinds, LoadUse use)
    {
        var problems = new List<string>();
        foreach (var kind in kinds)
        {
            if (kind.Done < kind.Due) problems.Add(Say.It($"{kind.Kind}: {Format.Count(kind.Due - kind.Done)} of {Format.Count(kind.Due)} were due and not done", $"{kind.Kind}：应完成 {Format.Count(kind.Due)}，未完成 {Format.Count(kind.Due - kind.Done)}"));
            if (kind.Refused > 0) problems.Add(Say.It($"{kind.Kind}: {kind.Refused} refused or lost", $"{kind.Kind}：{kind.Refused} 次被拒绝或断开"));
            if (!kind.Faults.None) problems.Add($"{kind.Kind}: {Format.Faults(kind.Faults)}");
        }

        if (use.Client.Refusal is { } refusal) problems.Add(refusal);
        return new MixedReport(plan, kinds, use.ServerCpuShare, use.Client, problems);
    }
}
