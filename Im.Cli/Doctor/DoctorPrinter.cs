using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Doctor;

internal static class DoctorPrinter
{
    private const int NameWidth = 32;

    public static void Print(BenchConsole console, DoctorReport report)
    {
        console.Line(Say.It($"for {Format.Count(report.Connections)} connections on one node:", $"按单节点 {Format.Count(report.Connections)} 个连接检查："));
        foreach (var finding in report.Findings)
        {
            console.Line($"{Mark(finding.Level)}  {finding.Name.PadRight(NameWidth)} {finding.Found}");
            if (finding.Command is { } command) console.Line(Say.It($"          set: {command}", $"          设置：{command}"));
            if (finding.Why is { } why) console.Line($"          {why}");
        }

        var count = report.Findings.Count(finding => finding.Level == FindingLevel.Set);
        console.Line(report.Fits ? Say.It("Nothing has to be set.", "无需设置。") : Say.It($"To set: {count}.", $"需要设置：{count} 项。"));
    }

    private static string Mark(FindingLevel level) => level switch
    {
        FindingLevel.Ok => Say.It("ok  ", "正常"),
        FindingLevel.Set => Say.It("SET ", "设置"),
        _ => Say.It("note", "提示"),
    };
}
