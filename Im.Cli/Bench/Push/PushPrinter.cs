using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Push;

internal static class PushPrinter
{
    public static void Print(BenchConsole console, PushReport report)
    {
        var plan = report.Plan;
        var kind = plan.Stored ? Say.It("stored", "存储") : Say.It("not stored", "不存储");
        console.Line(Say.It(
            $"{Format.Count(plan.Users)} users online, text of {plan.SizeBytes} bytes, {kind}, {plan.InFlight} in flight, WRITTEN awaited",
            $"{Format.Count(plan.Users)} 个在线用户，文本 {plan.SizeBytes} 字节，{kind}，并发 {plan.InFlight}，等待 WRITTEN"));
        foreach (var pass in report.Passes) Print(console, pass);
        if (report.Repeated > 0) console.Line(Say.It($"{Format.Count(report.Repeated)} pushes came again, which clients pass over", $"{Format.Count(report.Repeated)} 条推送重复到达，客户端会忽略"));
        Verdict.Print(console, report.Valid, report.Problems);
    }

    public static string Name(PushCall call) => call == PushCall.Stream ? "PushStream" : "PushToUser";

    private static void Print(BenchConsole console, PushFigures pass)
    {
        var title = pass.Rate == 0 ? Say.It("as many as the answers allow", "不限速") : Say.It($"at {Format.Count(pass.Rate)}/s", $"每秒 {Format.Count(pass.Rate)} 条");
        console.Line(Say.It(
            $"{Name(pass.Call)}, {title}: {Format.Count(pass.PerSecond)}/s written ({Format.Count(pass.Written)})",
            $"{Name(pass.Call)}，{title}：写入 {Format.Count(pass.PerSecond)}/秒（共 {Format.Count(pass.Written)}）"));
        console.Line(Say.It($"  answered   {Format.Latency(pass.Answer)}", $"  应答  {Format.Latency(pass.Answer)}"));
        console.Line(Say.It($"  delivered  {Format.Latency(pass.Delivery)}", $"  送达  {Format.Latency(pass.Delivery)}"));
        var server = pass.ServerCpuMicros is { } micros ? Say.It($"server {Format.Microseconds(micros)} per push; ", $"服务器每推送 {Format.Microseconds(micros)}；") : "";
        console.Line(Say.It(
            $"  {server}client {Format.Percent(pass.Client.ProcessShare)} of its share",
            $"  {server}客户端占其份额 {Format.Percent(pass.Client.ProcessShare)}"));
    }
}
