using System.Globalization;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Room;

internal static class RoomPrinter
{
    public static void Print(BenchConsole console, RoomReport report)
    {
        RoomShape[] shapes = [.. report.Runs.Select(run => run.Shape).Distinct()];
        console.Line(Say.It(
            $"{string.Join(", ", shapes)}; text of {report.SizeBytes} bytes",
            $"{string.Join("，", shapes)}；文本 {report.SizeBytes} 字节"));
        var several = shapes.Length > 1;
        console.Line(Row(several ? Say.It("target, rooms × members", "对象，房间 × 成员") : Say.It("target", "对象"), Say.It("round", "轮"), Say.It("depth, rate", "并发或速率"), Say.It("deliveries/s", "投递/秒"), Say.It("server µs/delivery", "服务器 µs/投递"), "p50 ms", "p99 ms", "max ms", Say.It("client busy", "客户端占用")));
        foreach (var run in report.Runs)
        {
            console.Line(Row(
                Name(run.Target, run.Shape),
                run.Round.ToString(CultureInfo.InvariantCulture),
                Short(run.Pace),
                Format.Count(run.DeliveriesPerSecond),
                Number(run.ServerCpuMicros),
                Number(run.Latency.P50Ms),
                Number(run.Latency.P99Ms),
                Number(run.Latency.MaxMs),
                Format.Percent(run.Client.BusiestReactor)));
        }

        foreach (var run in report.Runs.Where(run => run.CpuShareOfEach.Count > 0))
        {
            var shares = string.Join(", ", run.CpuShareOfEach.Select(share => share.ToString("P0", CultureInfo.InvariantCulture)));
            var crossings = run.Crossings?.ToString("0.000", CultureInfo.InvariantCulture) ?? "?";
            console.Line(Say.It(
                $"{Name(run.Target, run.Shape)}, round {run.Round}, {run.Pace}: each broadcast crossed {crossings} times to each other node; processors of the nodes {shares}",
                $"{Name(run.Target, run.Shape)}，第 {run.Round} 轮，{run.Pace}：每条广播到达其他每个节点 {crossings} 次；各节点占用处理器 {shares}"));
        }
        foreach (var median in report.Medians)
        {
            console.Line(Row(
                Name(median.Target, median.Shape),
                Say.It("median", "中位"),
                Short(median.Pace),
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
                $"{Name($"{ratio.Target} / {ratio.Peer}", ratio.Shape)}, {Pace(ratio)} (median of paired rounds): server CPU per delivery {Format.Ratio(ratio.ServerCpu)}, deliveries/s {Format.Ratio(ratio.DeliveriesPerSecond)}, p99 {Format.Ratio(ratio.P99)}",
                $"{Name($"{ratio.Target} / {ratio.Peer}", ratio.Shape)}，{Pace(ratio)}（逐轮配对的中位数）：服务器每投递 CPU {Format.Ratio(ratio.ServerCpu)}，投递/秒 {Format.Ratio(ratio.DeliveriesPerSecond)}，p99 {Format.Ratio(ratio.P99)}"));
        }
        Verdict.Print(console, report.Valid, report.Problems);

        string Name(string target, RoomShape shape) => several ? string.Create(CultureInfo.InvariantCulture, $"{target} {shape.Rooms:N0} × {shape.Members:N0}") : target;

        string Row(params ReadOnlySpan<string> cells)
        {
            var row = cells[0].PadRight(several ? 26 : 9);
            for (var i = 1; i < cells.Length; i++) row += cells[i].PadLeft(i is 3 or 4 ? 19 : 12);
            return row;
        }
    }

    private static string Pace(RoomRatio ratio) => ratio.Pace == ratio.PeerPace ? ratio.Pace.ToString() : $"{ratio.Pace} / {ratio.PeerPace}";

    private static string Short(BroadcastPace pace) => pace.Rate > 0 ? $"{Format.Count(pace.Rate)}/s" : pace.InFlight.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
