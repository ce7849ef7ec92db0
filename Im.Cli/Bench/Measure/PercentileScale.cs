namespace Im.Cli.Bench.Measure;

/// <summary>Percentiles that come closer to each other the nearer they are to 100, as HdrHistogram prints them: each half of what is left gets as many as the half before.</summary>
internal static class PercentileScale
{
    private const int InEachHalf = 5;

    /// <summary>0, 10, … 50, 55, … 75, 77.5, … up to where a step would be less than one of so many values, then 100.</summary>
    public static IEnumerable<double> Up(long count)
    {
        double from = 0;
        for (var left = 100.0; left * count > 100; left /= 2, from = 100 - left)
        {
            for (var step = 0; step < InEachHalf; step++) yield return from + left / 2 * step / InEachHalf;
        }

        yield return 100;
    }

    /// <summary>Place on an axis on which 90, 99 and 99.9 are equally far apart: 1, 2, 3; 100 is where the last one of so many values is.</summary>
    public static double PlaceOf(double percentile, long count) => Math.Log10(1 / Math.Max(1 - percentile / 100, 1.0 / Math.Max(1, count)));
}
