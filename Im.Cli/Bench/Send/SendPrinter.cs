using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Send;

internal static class SendPrinter
{
    public static void Print(BenchConsole console, SendReport report)
    {
        var plan = report.Plan;
        console.Line(Say.It(
            $"{plan.Senders} senders, {Load(plan)}, text of {plan.SizeBytes} bytes, {plan.PairPercent} % one to one, rooms of {plan.RoomSize}",
            $"{plan.Senders} 个发送者，{Load(plan)}，文本 {plan.SizeBytes} 字节，单聊 {plan.PairPercent} %，房间 {plan.RoomSize} 人"));
        console.Line(Say.It(
            $"acknowledged: {Format.Count(report.AckedPerSecond)}/s ({Format.Count(report.Acked)}), {Format.Latency(report.Latency)}",
            $"已确认：{Format.Count(report.AckedPerSecond)}/秒（共 {Format.Count(report.Acked)}），{Format.Latency(report.Latency)}"));
        console.Line(report.Disk is { } disk
            ? Say.It(
                $"disk: {Format.Count(disk.PerSecond)} syncs/s one after the other, p50 {Format.Milliseconds(disk.P50Ms)}  p99 {Format.Milliseconds(disk.P99Ms)}",
                $"磁盘：顺序同步 {Format.Count(disk.PerSecond)} 次/秒，p50 {Format.Milliseconds(disk.P50Ms)}  p99 {Format.Milliseconds(disk.P99Ms)}")
            : Say.It("disk: not measured; give --data-directory", "磁盘：未测量；请用 --data-directory 指定"));
        if (report.ServerCpuShare is { } cpu) console.Line(Say.It($"server: {cpu:0.00} processors, client busy {Format.Percent(report.Client.BusiestReactor)}", $"服务器：{cpu:0.00} 个处理器，客户端占用 {Format.Percent(report.Client.BusiestReactor)}"));
        Verdict.Print(console, report.Valid, report.Problems);
    }
    private static string Load(SendPlan plan) => plan.RatePerSecond > 0
        ? Say.It($"{Format.Count(plan.RatePerSecond)} due a second, at most {plan.Unanswered} unanswered each", $"每秒应发 {Format.Count(plan.RatePerSecond)} 条，每个最多 {plan.Unanswered} 条未应答")
        : Say.It($"{plan.Unanswered} unanswered each", $"每个 {plan.Unanswered} 条未应答");
}
