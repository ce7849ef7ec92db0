using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Burst;

/// <summary>The burst: everybody logs in at once.</summary>
/// <param name="CompleteMs">From the first login to the last <c>enter</c> that was due; null when not all came.</param>
/// <param name="Listed">Users of this run in <c>/user/list</c> afterwards.</param>
internal sealed record BurstResult(int Users, WaveResult Connects, WaveResult Logins, long Enters, long EntersDue, double? CompleteMs, PairVerdict Pairs, int Listed, ClientLoad Client);

/// <summary>The cut: many users are gone at once.</summary>
/// <param name="GoneMs">Until <c>/user/list</c> showed none of them.</param>
/// <param name="ToldMs">Until each of the rest had the <c>exit</c> of each of them.</param>
internal sealed record CutResult(int Users, string How, double? GoneMs, double? ToldMs, long ExitsMissing, long ExitsSurplus);

internal sealed record BurstReport(BurstResult Burst, CutResult? Cut, int Lost, IReadOnlyDictionary<string, int> Errors, IReadOnlyList<string> Problems) : BenchReport("burst", Problems)
{
    public override ReportData ToData() => BurstData.Of(this);

    /// <param name="lost">Connections that ended without our doing.</param>
    public static BurstReport Of(BurstResult burst, CutResult? cut, int lost, IReadOnlyDictionary<string, int> errors)
    {
        var problems = new List<string>();
        if (burst.Logins.Failed > 0) problems.Add($"{burst.Logins.Failed} logins failed");
        if (burst.CompleteMs is null) problems.Add($"{burst.Enters} of {burst.EntersDue} enters came");
        if (!burst.Pairs.Holds)
            problems.Add($"of the pairs {burst.Pairs.Missing} were told of neither side, {burst.Pairs.Mutual} of both; {burst.Pairs.Doubled} doubled, {burst.Pairs.Self} of oneself; one order: {burst.Pairs.HasOrder}");
        if (burst.Listed != burst.Users) problems.Add($"/user/list shows {burst.Listed} of {burst.Users}");
        if (cut is { GoneMs: null }) problems.Add("/user/list still shows users that were cut");
        if (cut is { ToldMs: null }) problems.Add($"{cut.ExitsMissing} exits are missing");
        if (cut is { ExitsSurplus: > 0 }) problems.Add($"{cut.ExitsSurplus} exits too many");
        if (lost > 0) problems.Add($"{lost} connections were lost: {Format.Faults(errors)}");
        return new BurstReport(burst, cut, lost, errors, problems);
    }
}
