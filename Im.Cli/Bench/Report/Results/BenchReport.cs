using System.Text.Json.Serialization;

namespace Im.Cli.Bench.Report.Results;

/// <summary>A result that can be kept in a directory and held against thresholds.</summary>
/// <param name="Problems">Why the result is not valid; empty when it is.</param>
internal abstract record BenchReport([property: JsonPropertyOrder(-2)] string Scenario, IReadOnlyList<string> Problems)
{
    [JsonPropertyOrder(-1)]
    public Machine Machine { get; } = Machine.Here;

    public bool Valid => Problems.Count == 0;

    /// <summary>The same as figures, tables and curves.</summary>
    public abstract ReportData ToData();
}
