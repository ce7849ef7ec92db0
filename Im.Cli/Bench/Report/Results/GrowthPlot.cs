namespace Im.Cli.Bench.Report.Results;

/// <summary>A figure against what grows, such as the cost of a delivery against the members of its room.</summary>
/// <param name="File">Name of its PNG without the ending.</param>
/// <param name="Axis">What grows.</param>
/// <param name="Unit">Of the figure.</param>
internal sealed record GrowthPlot(string File, Label Title, Label Axis, string Unit, IReadOnlyList<GrowthCurve> Curves);

/// <param name="Points">Ascending in what grows.</param>
internal sealed record GrowthCurve(string Name, IReadOnlyList<GrowthPoint> Points);

internal readonly record struct GrowthPoint(double X, double Y);
