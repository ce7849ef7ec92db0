using System.Text.Json.Serialization;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Connect;

/// <param name="Waves">Connects, logins and joins since the step before.</param>
internal sealed record ConnectStep(IReadOnlyList<WaveResult> Waves, MemorySample Memory);

internal sealed record ConnectTargetReport(
    string Target,
    string Protocol,
    IReadOnlyList<ConnectStep> Steps,
    MemorySlope? Slope,
    WaveResult? Verified,
    ClientLoad Client,
    IReadOnlyDictionary<string, int> Errors)
{
    /// <summary>Null when that was not asked for.</summary>
    public ConnectHold? Held { get; init; }
}

/// <summary>All connections idle but for their heartbeats.</summary>
/// <param name="Processors">That the server used.</param>
/// <param name="RssBytes">At the end of it, without a collection.</param>
internal sealed record ConnectHold(TimeSpan Time, double Processors, long? RssBytes);

/// <param name="Problems">Why the result is not valid; empty when it is.</param>
internal sealed record ConnectReport(Machine Machine, IReadOnlyList<ConnectTargetReport> Targets, bool Valid, IReadOnlyList<string> Problems) : IBenchReport
{
    public string Scenario { get; } = "connect";

    [JsonIgnore]
    public ReportData Data => ConnectData.Of(this);

    public static ConnectReport Of(IReadOnlyList<ConnectTargetReport> targets)
    {
        var problems = targets.SelectMany(Check).ToList();
        return new ConnectReport(Machine.Here, targets, problems.Count == 0, problems);
    }

    private static IEnumerable<string> Check(ConnectTargetReport target)
    {
        var failed = target.Steps.SelectMany(step => step.Waves).Sum(wave => wave.Failed) + (target.Verified?.Failed ?? 0);
        if (failed > 0 || target.Errors.Count > 0) yield return $"{target.Target}: {failed} failed steps: {Format.Faults(target.Errors)}";
        foreach (var step in target.Steps)
        {
            var held = step.Waves.Where(wave => wave.Step == Wire.Step.Connect).Sum(wave => wave.Done);
            if (held == 0) yield return $"{target.Target}: a step without a new connection";
        }
    }
}
