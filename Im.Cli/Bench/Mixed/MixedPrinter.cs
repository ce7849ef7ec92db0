using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Mixed;

internal static class MixedPrinter
{
    public static void Print(BenchConsole console, MixedReport report)
    {
        foreach (var kind in report.Kinds)
        {
            console.Line(Say.It(
                $"{kind.Kind,-10} {Format.Count(kind.Rate)}/s: {Format.Count(kind.Done)} of {Format.Count(kind.Due)}, {Format.Latency(kind.Latency)}",
                $"{kind.Kind,-10} {Format.Count(kind.Rate)}/秒：完成 {Format.Count(kind.Done)}/{Format.Count(kind.Due)}，{Format.Latency(kind.Latency)}"));
        }

        var server = report.ServerCpuShare is { } share ? Say.It($"server {share:0.00} processors; ", $"服务器 {share:0.00} 个处理器；") : "";
        console.Line(Say.It($"{server}client {Format.Percent(report.Client.ProcessShare)} of its share", $"{server}客户端占其份额 {Format.Percent(report.Client.ProcessShare)}"));
        Verdict.Print(console, report.Valid, report.Problems);
    }
}
