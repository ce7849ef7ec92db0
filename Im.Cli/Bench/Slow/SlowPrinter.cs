using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Slow;

internal static class SlowPrinter
{
    public static void Print(BenchConsole console, SlowReport report)
    {
        console.Line(Say.It($"room of {report.Members}, text of {report.SizeBytes} bytes, one broadcast at a time", $"{report.Members} 人房间，文本 {report.SizeBytes} 字节，逐条广播"));
        console.Line(Say.It("everybody reads:          ", "所有成员正常读取：") + Format.Latency(report.Before));
        console.Line(Say.It("one has stopped reading:  ", "其中一个停止读取：") + Format.Latency(report.During) + Say.It($"  ({Format.Count(report.DeliveriesDuring)} deliveries)", $"（{Format.Count(report.DeliveriesDuring)} 次投递）"));
        console.Line(report.EndedAfterMs is { } ended
            ? Say.It($"the slow reader was ended after {Format.Milliseconds(ended)}: {report.EndedBy}", $"慢读者在 {Format.Milliseconds(ended)} 后被断开：{report.EndedBy}")
            : Say.It("the slow reader was never ended", "慢读者从未被断开"));
        if (report is { RssBeforeBytes: { } before, PeakRssBytes: { } peak })
            console.Line(Say.It($"server RSS: {Format.Bytes(before)} before, {Format.Bytes(peak)} at most meanwhile", $"服务器 RSS：之前 {Format.Bytes(before)}，期间最高 {Format.Bytes(peak)}"));
        Verdict.Print(console, report.Valid, report.Problems);
    }
}
