using System.Globalization;
using System.Text;
using Im.Cli.Bench.Report.Results;

namespace Im.Cli.Bench.Report.Pages;

/// <summary>One page with everything: machine, command, date, figures, plots and tables, in both languages, on light and dark. It loads nothing.</summary>
internal static class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #24292f; --soft: #57606a; --line: #d8dee4; --good: #1a7f37; --bad: #cf222e; }
        @media (prefers-color-scheme: dark) { :root { --paper: #0f141a; --ink: #d7dde4; --soft: #9aa5b1; --line: #303841; --good: #56d364; --bad: #ff7b72; } }
        html[lang=en] [lang=zh], html[lang=zh] [lang=en] { display: none; }
        body { background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto; max-width: 960px; padding: 0 1rem; }
        header { align-items: baseline; display: flex; gap: 1rem; justify-content: space-between; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        button { background: none; border: 1px solid var(--line); border-radius: 6px; color: var(--ink); cursor: pointer; font: inherit; padding: .1rem .6rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { border-bottom: 1px solid var(--line); padding: .25rem .7rem .25rem 0; text-align: left; white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; }
        code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; white-space: pre-wrap; word-break: break-word; }
        img { height: auto; max-width: 100%; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        """;

    private const string Script = """
        const root = document.documentElement;
        root.lang = navigator.language.startsWith('zh') ? 'zh' : 'en';
        document.getElementById('language').onclick = () => { root.lang = root.lang === 'zh' ? 'en' : 'zh'; };
        """;

    public static string Of(BenchRecord record, IReadOnlyList<PagePlot> plots)
    {
        var report = record.Report;
        var data = report.ToData();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>im bench {Html.Escape(report.Scenario)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <header><h1>im bench {Html.Escape(report.Scenario)}</h1><button id="language" type="button">English / 中文</button></header>
            {Verdict(record)}
            {About(record)}
            <h2>{Html.Both("Figures", "指标")}</h2>
            {Figures(data.Metrics)}

            """);
        foreach (var plot in plots) page.AppendLine(CultureInfo.InvariantCulture, $"<h2>{Html.Both(plot.Title)}</h2>\n{Html.Picture(plot.Light, plot.Dark, plot.Title.English)}");
        foreach (var table in data.Tables) page.AppendLine(CultureInfo.InvariantCulture, $"<h2><code>{Html.Escape(table.File)}.csv</code></h2>\n{Table(table)}");
        page.AppendLine(CultureInfo.InvariantCulture, $"<script>\n{Script}\n</script>\n</body>\n</html>");
        return page.ToString();
    }

    private static string Verdict(BenchRecord record)
    {
        var lines = record.Report.Problems.Select(problem => $"<p class=\"bad\"><strong>{Html.Both("INVALID", "结果无效")}</strong> {Html.Escape(problem)}</p>")
            .Concat(record.Broken.Select(broken => $"<p class=\"bad\">{Html.Escape(broken)}</p>"));
        return record.Report.Valid
            ? $"<p class=\"good\"><strong>{Html.Both("VALID: every check held.", "结果有效：所有检查均通过。")}</strong></p>{string.Concat(lines)}"
            : string.Concat(lines);
    }

    private static string About(BenchRecord record)
    {
        var machine = record.Report.Machine;
        (string English, string Chinese, string Value)[] rows =
        [
            ("date", "日期", record.At.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)),
            ("processors", "处理器", machine.Processors.ToString(CultureInfo.InvariantCulture)),
            ("memory", "内存", Format.Bytes(machine.MemoryBytes)),
            ("system", "系统", machine.System),
            ("runtime", "运行时", machine.Runtime),
        ];
        var cells = rows.Select(row => $"<tr><th>{Html.Both(row.English, row.Chinese)}</th><td>{Html.Escape(row.Value)}</td></tr>");
        return $"<pre>{Html.Escape(record.Command)}</pre>\n<table>{string.Concat(cells)}</table>";
    }

    private static string Figures(IReadOnlyList<Metric> metrics)
    {
        var rows = metrics.Select(metric => Html.Row("td", [$"<code>{Html.Escape(metric.Name.Name)}</code>", Html.Both(metric.Name.Title), Html.Escape(metric.Of), Html.Escape(ThresholdText.Value(metric))]));
        return $"<div class=\"wide\"><table>{string.Concat(rows)}</table></div>";
    }

    private static string Table(DataTable table)
    {
        var head = Html.Row("th", table.Columns.Select(Html.Escape));
        var rows = table.Rows.Select(row => Html.Row("td", row.Select(Cell)));
        return $"<div class=\"wide\"><table>{head}{string.Concat(rows)}</table></div>";
    }

    /// <summary>Rounded for people; the CSV has all digits.</summary>
    private static string Cell(object? value) => Html.Escape(value switch
    {
        double number when Math.Abs(number) >= 100 => Format.Count(number),
        double number => number.ToString("0.###", CultureInfo.InvariantCulture),
        int or long => Format.Count(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => CsvText.Text(value),
    });
}

/// <summary>A plot in both colours.</summary>
internal sealed record PagePlot(string File, Label Title, byte[] Light, byte[] Dark);
