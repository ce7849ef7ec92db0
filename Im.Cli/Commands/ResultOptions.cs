using System.CommandLine;
using Im.Cli.Bench;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Pages;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>What becomes of a result: printed, kept in a directory, held against thresholds; shared by all of <c>im bench</c>.</summary>
/// <param name="metrics">The scenario's figures.</param>
internal sealed class ResultOptions(IReadOnlyList<MetricName> metrics)
{
    private readonly Option<bool> _json = new("--json") { Description = Say.It("print the result as JSON", "以 JSON 输出结果") };
    private readonly Option<string?> _out = new("--out") { Description = Say.It("directory for CSV, JSON, plots (PNG) and a page (HTML); it is made", "存放 CSV、JSON、图表（PNG）与网页（HTML）的目录；会自动创建") };
    private readonly Option<string[]?> _failIf = new("--fail-if")
    {
        AllowMultipleArgumentsPerToken = true,
        Description = Say.It(
            $"exit with {Verdict.Threshold} when a figure is so, such as \"p99>20ms\"; several are allowed. Figures: {string.Join(", ", metrics.Select(metric => metric.Name))}",
            $"指标满足条件时以 {Verdict.Threshold} 退出，例如 \"p99>20ms\"；可给出多个。指标：{string.Join("、", metrics.Select(metric => metric.Name))}"),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_out);
        command.Options.Add(_failIf);
        command.Validators.Add(result =>
        {
            if (result.TryRead(_out, out var directory) && directory is not null && File.Exists(directory)) result.AddError(Say.It($"--out {directory}: this is a file.", $"--out {directory}：这是一个文件。"));
            if (!result.TryRead(_failIf, out var texts)) return;
            foreach (var text in texts ?? [])
            {
                if (Threshold.Parse(text, metrics, out var error) is null) result.AddError($"--fail-if: {error}");
            }
        });
    }

    public BenchConsole Console(ParseResult result) => BenchConsole.ForProcess(result.GetValue(_json));

    /// <summary>The last step of a measurement; returns its exit code. A figure that may not be quoted is held against nothing.</summary>
    public int Finish(ParseResult result, BenchConsole console, BenchReport report)
    {
        console.Result(report);
        var thresholds = (result.GetValue(_failIf) ?? []).Select(text => Threshold.Parse(text, metrics, out _)!).ToList();
        var metricsOfRun = report.ToData().Metrics;
        var broken = thresholds.SelectMany(threshold => threshold.Broken(metricsOfRun).Select(metric => ThresholdText.Of(threshold, metric))).ToList();
        foreach (var text in broken) console.Problem(text);
        if (result.GetValue(_out) is { } directory)
        {
            Keep(directory, new BenchRecord(report, console.Rates, CommandText.OfProcess(), TimeProvider.System.GetLocalNow(), broken));
            console.Note(Say.It($"kept in {Path.GetFullPath(directory)}; begin with index.html", $"已保存到 {Path.GetFullPath(directory)}；请从 index.html 看起"));
        }

        return !report.Valid ? Verdict.Invalid : broken.Count > 0 ? Verdict.Threshold : Verdict.Valid;
    }

    private static void Keep(string directory, BenchRecord record)
    {
        try
        {
            ReportDirectory.Write(directory, record);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new BenchException(Say.It($"--out {directory}: {failure.Message}", $"--out {directory}：{failure.Message}"));
        }
    }
}
