using System.Globalization;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

internal static class RoomPrinter
{
    public static void Print(BenchConsole console, RoomReport report)
    {
        console.Line(Say.It(
            $"room of {Format.Count(report.Members)}, text of {report.SizeBytes} bytes",
            $"{Format.Count(report.Members)} 人房间，文本 {report.SizeBytes} 字节"));
        console.Line(Row(Say.It("target", "对象"), Say.It("round", "轮"), Say.It("depth", "并发"), Say.It("deliveries/s", "投递/秒"), Say.It("server µs/delivery", "服务器 µs/投递"), "p50 ms", "p99 ms", "max ms", Say.It("client busy", "客户端占用")));
        foreach (var run in report.Runs)
        {
            console.Line(Row(
                run.Target,
                run.Round.ToString(CultureInfo.InvariantCulture),
                run.InFlight.ToString(CultureInfo.InvariantCulture),
                Format.Count(run.DeliveriesPerSecond),
                Number(run.ServerCpuMicros),
                Number(run.Latency.P50Ms),
                Number(run.Latency.P99Ms),
                Number(run.Latency.MaxMs),
                Format.Percent(run.Client.BusiestReactor)));
        }
        foreach (var median in report.Medians)
        {
            console.Line(Row(
                median.Target,
                Say.It("median", "中位"),
                median.InFlight.ToString(CultureInfo.InvariantCulture),
                Format.Count(median.DeliveriesPerSecond),
                Number(median.ServerCpuMicros),
                Number(median.P50Ms),
                Number(median.P99Ms),
                Number(median.MaxMs),
                ""));
        }
        foreach (var ratio in report.Ratios)
        {
            console.Line(Say.It(
                $"ours / peer, {ratio.InFlight} in flight (median of paired rounds): server CPU per delivery {Format.Ratio(ratio.ServerCpu)}, deliveries/s {Format.Ratio(ratio.DeliveriesPerSecond)}, p99 {Format.Ratio(ratio.P99)}",
                $"本系统 / 对照，并发 {ratio.InFlight}（逐轮配对的中位数）：服务器每投递 CPU {Format.Ratio(ratio.ServerCpu)}，投递/秒 {Format.Ratio(ratio.DeliveriesPerSecond)}，p99 {Format.Ratio(ratio.P99)}"));
        }
        Verdict.Print(console, report.Valid, report.Problems);
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Row(params ReadOnlySpan<string> cells)
    {
        var row = cells[0].PadRight(9);
        for (var i = 1; i < cells.Length; i++) row += cells[i].PadLeft(i is 3 or 4 ? 19 : 12);
        return row;
    }
}
