using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>A result with all that is needed to understand and to repeat it.</summary>
/// <param name="Command">As it was typed, but for secrets.</param>
/// <param name="Broken">Thresholds that did not hold, as they were printed.</param>
internal sealed record BenchRecord(BenchReport Report, IReadOnlyList<RateSeries> Rates, string Command, DateTimeOffset At, IReadOnlyList<string> Broken);
