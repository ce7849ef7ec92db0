using Im.Cli.Text;

namespace Im.Cli.Bench.Report.Results;

internal enum MetricUnit
{
    Milliseconds,
    Bytes,
    PerSecond,
    Count,
}

/// <summary>A figure that can be asked for by name.</summary>
internal sealed record MetricName(string Name, MetricUnit Unit, Label Title);

/// <summary>A text in both languages, for a page that shows either.</summary>
internal sealed record Label(string English, string Chinese)
{
    public override string ToString() => Say.It(English, Chinese);
}
