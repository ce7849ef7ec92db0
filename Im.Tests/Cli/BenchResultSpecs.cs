using System.Globalization;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report.Live;
using Im.Cli.Bench.Report.Pages;
using Im.Cli.Bench.Report.Results;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

/// <summary>What becomes of a result of <c>im bench</c>: thresholds, CSV, plots and the page.</summary>
public sealed class BenchResultSpecs
{
    [Theory]
    [InlineData("p99>20ms", ">", 20)]
    [InlineData(" p99 >= 0.5 s ", ">=", 500)]
    [InlineData("p50<1500us", "<", 1.5)]
    [InlineData("p50<=3µs", "<=", 0.003)]
    [InlineData("rss>3KiB", ">", 3072)]
    [InlineData("rss>3KB", ">", 3000)]
    [InlineData("logins/s<20000", "<", 20_000)]
    [InlineData("logins/s<20000/s", "<", 20_000)]
    public void Should_read_a_threshold_with_its_unit(string text, string comparison, double limit)
    {
        var threshold = Threshold.Parse(text, MetricNames.ForConnect, out var error).ShouldNotBeNull(error);

        threshold.Comparison.ShouldBe(comparison);
        threshold.Limit.ShouldBe(limit, 1e-9);
    }

    [Theory]
    [InlineData("p99", "p99>20ms")]
    [InlineData("p99=20ms", "p99>20ms")]
    [InlineData("p99>ms", "p99>20ms")]
    [InlineData("p99>20", "ms")]
    [InlineData("p99>20KiB", "ms")]
    [InlineData("rss>3ms", "KiB")]
    [InlineData("logins/s>3ms", "/s")]
    [InlineData("p95>20ms", "p90")]
    public void Should_say_how_it_is_written_when_a_threshold_is_wrong(string text, string named)
    {
        Threshold.Parse(text, MetricNames.ForConnect, out var error).ShouldBeNull();

        error.ShouldContain(text);
        error.ShouldContain(named);
    }

    [Theory]
    [InlineData("p99>20ms", 1)]
    [InlineData("p99>=20ms", 2)]
    [InlineData("p99<20ms", 0)]
    [InlineData("p99<=20ms", 1)]
    public void Should_name_each_figure_that_breaks_a_threshold(string text, int broken)
    {
        Metric[] metrics = [new(MetricNames.P99, "a", 20), new(MetricNames.P99, "b", 21), new(MetricNames.P50, "b", 100)];

        Threshold.Parse(text, MetricNames.ForSend, out _)!.Broken(metrics).Count().ShouldBe(broken);
    }

    [Fact]
    public void Should_say_what_a_broken_figure_is() =>
        ThresholdText.Of(Threshold.Parse("p99>20ms", MetricNames.ForSend, out _)!, new Metric(MetricNames.P99, "10000/s", 31.4)).ShouldContain("31 ms (10000/s)");

    [Fact]
    public void Should_quote_cells_and_keep_the_point_when_the_culture_has_a_comma()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = comma;

            CsvText.Of(["a", "b"], [["x, \"y\"", 1234.5], ["two\nlines", null]]).ShouldBe("a,b\r\n\"x, \"\"y\"\"\",1234.5\r\n\"two\nlines\",\r\n");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Should_halve_the_way_to_the_last_value()
    {
        PercentileScale.Up(4).ShouldBe([0, 10, 20, 30, 40, 50, 55, 60, 65, 70, 100]);
        PercentileScale.Up(1).ShouldBe([100]);
        PercentileScale.Up(1_000_000).ShouldBe(PercentileScale.Up(1_000_000).Order());
        PercentileScale.Up(1_000_000).Count(percentile => percentile > 99.9).ShouldBeGreaterThan(40);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(90, 1)]
    [InlineData(99.9, 3)]
    [InlineData(100, 6)]
    public void Should_place_a_percentile_by_its_nines(double percentile, double place) => PercentileScale.PlaceOf(percentile, 1_000_000).ShouldBe(place, 1e-6);

    [Fact]
    public void Should_summarize_with_the_values_at_their_percentiles()
    {
        var histogram = Latencies.Create();
        for (var ms = 1; ms <= 1000; ms++) histogram.RecordValue(ms * 1000);

        var summary = histogram.Summarize();

        summary.P90Ms.ShouldBe(900, 9);
        summary.P999Ms.ShouldBe(999, 10);
        summary.Curve[^1].ShouldBe(new LatencyPoint(100, summary.MaxMs));
        summary.Curve.Select(point => point.Ms).ShouldBe(summary.Curve.Select(point => point.Ms).Order());
    }

    [Fact]
    public void Should_tell_the_rate_between_two_looks()
    {
        var time = new FakeTimeProvider();
        var count = 5L;
        var meter = new RateMeter("part", () => count, time);
        for (var second = 1; second <= 3; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            count += second * 100;
            meter.Look();
        }

        meter.Series().Points.ShouldBe([new RatePoint(1, 100), new RatePoint(2, 200), new RatePoint(3, 300)]);
        (meter.Count, meter.Now).ShouldBe((600, 200));
    }

    [Fact]
    public void Should_count_what_came_just_before_the_end()
    {
        var time = new FakeTimeProvider();
        var count = 0L;
        var meter = new RateMeter("part", () => count, time);
        time.Advance(TimeSpan.FromMilliseconds(50));
        count = 10;

        meter.Look();
        meter.Finish();

        meter.Series().Points.ShouldBe([new RatePoint(0.05, 200)]);
    }

    [Fact]
    public void Should_stay_small_when_it_looks_for_hours()
    {
        var time = new FakeTimeProvider();
        var count = 0L;
        var meter = new RateMeter("part", () => count, time);
        for (var look = 0; look < 20_000; look++)
        {
            time.Advance(RateMeter.Interval);
            count += 20;
            meter.Look();
        }

        meter.Series().Points.Count.ShouldBeInRange(250, 600);
        meter.Series().Points.ShouldAllBe(point => Math.Abs(point.PerSecond - 100) < 0.001);
    }

    [Fact]
    public void Should_not_show_a_secret_when_it_shows_the_command() =>
        CommandText.Of(["bench", "send", "--api-key", "s3cret", "--key=s3cret", "--fail-if", "p99>20ms"]).ShouldBe("im bench send --api-key … --key=… --fail-if 'p99>20ms'");

    [Fact]
    public void Should_escape_what_comes_from_outside()
    {
        var page = ReportPage.Of(Record(new Sample("<script>alert(1)</script>")), []);

        page.ShouldNotContain("<script>alert");
        page.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.ShouldContain("&lt;b&gt;part&lt;/b&gt;");
        page.ShouldContain("im bench send --out &#39;a&lt;b&#39;");
    }

    [Fact]
    public void Should_keep_everything_in_the_directory_and_load_nothing()
    {
        using var directory = new TemporaryDirectory();

        ReportDirectory.Write(directory.File("run"), Record(new Sample()));

        string[] files = [.. Directory.GetFiles(directory.File("run")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        files.ShouldBe(["growth.png", "index.html", "latency.csv", "latency.png", "memory.png", "metrics.csv", "passes.csv", "result.json", "throughput.csv", "throughput.png"]);
        foreach (var png in files.Where(name => name.EndsWith(".png", StringComparison.Ordinal))) File.ReadAllBytes(directory.File($"run/{png}"))[1..4].ShouldBe("PNG"u8.ToArray());
        File.ReadAllText(directory.File("run/passes.csv")).ShouldBe("part,rate\r\n<b>part</b>,12.5\r\n");
        File.ReadAllText(directory.File("run/metrics.csv")).ShouldContain("p99,a,20,ms\r\n");
        var page = File.ReadAllText(directory.File("run/index.html"));
        page.ShouldNotContain("http://");
        page.ShouldNotContain("https://");
        page.Split("data:image/png;base64,").Length.ShouldBe(9, "four plots, light and dark");
        page.ShouldContain("延迟 99 %");
        page.ShouldContain("latency, 99 %");
    }

    private static BenchRecord Record(BenchReport report) => new(
        report,
        [new RateSeries("sending", [new RatePoint(0.2, 100), new RatePoint(0.4, 120), new RatePoint(0.6, 90)])],
        CommandText.Of(["bench", "send", "--out", "a<b"]),
        DateTimeOffset.UnixEpoch,
        []);

    private sealed record Sample(params IReadOnlyList<string> Problems) : BenchReport("send", Problems)
    {
        public override ReportData ToData() => new([new Metric(MetricNames.P99, "a", 20)], [new DataTable("passes", ["part", "rate"], [["<b>part</b>", 12.5]])])
        {
            Latencies = [new LatencyCurve("a", Of(1, 2, 3, 50))],
            Growth = [new GrowthPlot("growth", new Label("CPU", "处理器"), new Label("members", "成员"), "µs", [new GrowthCurve("im", [new GrowthPoint(10, 3), new GrowthPoint(1000, 2)])])],
            Memory = [new MemoryCurve("im", [new MemorySample(2000, 100 << 20, 50 << 20, null, null, null), new MemorySample(18_000, 180 << 20, 110 << 20, null, null, null)])],
        };

        private static LatencySummary Of(params int[] milliseconds)
        {
            var histogram = Latencies.Create();
            foreach (var value in milliseconds) histogram.RecordValue(value * 1000);
            return histogram.Summarize();
        }
    }
}
