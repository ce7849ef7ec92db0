using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Connect;

/// <param name="Waves">Connects, logins and joins since the step before.</param>
internal sealed record ConnectStep(IReadOnlyList<WaveResult> Waves, MemorySample Memory)
{
    /// <summary>Null when that was not asked for.</summary>
    public ConnectHold? Held { get; init; }

    /// <summary>Of each connection since the step before; null for the first step, and where none came.</summary>
    public MemorySlope? Added { get; init; }
}

/// <param name="Slope">Of the first round; null when there was one step.</param>
internal sealed record ConnectTargetReport(
    string Target,
    int Round,
    string Protocol,
    IReadOnlyList<ConnectStep> Steps,
    MemorySlope? Slope,
    WaveResult? Verified,
    ClientLoad Client,
    IReadOnlyDictionary<string, int> Errors);

/// <summary>All connections idle but for their heartbeats.</summary>
/// <param name="Processors">That the server used.</param>
/// <param name="RssBytes">At the end of it, without a collection.</param>
internal sealed record ConnectHold(TimeSpan Time, double Processors, long? RssBytes);

/// <summary>Logins a second of the last step, when several rounds gave several.</summary>
internal sealed record ConnectLogins(string Target, double MedianPerSecond, double LowestPerSecond, double HighestPerSecond);

internal sealed record ConnectReport(IReadOnlyList<ConnectTargetReport> Targets, IReadOnlyList<string> Problems) : BenchReport("connect", Problems)
{
    public override ReportData ToData() => ConnectData.Of(this);

    /// <summary>Empty when there was one round.</summary>
    public IReadOnlyList<ConnectLogins> Logins => Targets.All(target => target.Round == 1) ? [] :
    [
        .. Targets.GroupBy(target => target.Target).Select(rounds =>
        {
            double[] rates = [.. rounds.Select(round => round.Steps[^1].Waves.First(wave => wave.Step == Step.Login).PerSecond)];
            return new ConnectLogins(rounds.Key, Median.Of(rates), rates.Min(), rates.Max());
        }),
    ];

    public static ConnectReport Of(IReadOnlyList<ConnectTargetReport> targets)
    {
        var problems = targets.SelectMany(Check).ToList();
        return new ConnectReport(targets, problems);
    }

    private static IEnumerable<string> Check(ConnectTargetReport target)
    {
        var failed = target.Steps.SelectMany(step => step.Waves).Sum(wave => wave.Failed) + (target.Verified?.Failed ?? 0);
        if (failed > 0 || target.Errors.Count > 0) yield return $"{target.Target}: {failed} failed steps: {Format.Faults(target.Errors)}";
        foreach (var step in target.Steps)
        {
            var held = step.Waves.Where(wave => wave.Step == Step.Connect).Sum(wave => wave.Done);
            if (held == 0) yield return $"{target.Target}: a step without a new connection";
        }
    }
}
