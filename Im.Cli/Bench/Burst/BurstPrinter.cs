using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Burst;

internal static class BurstPrinter
{
    public static void Print(BenchConsole console, BurstReport report)
    {
        var burst = report.Burst;
        console.Line(Format.Wave(Say.It("connects", "连接"), burst.Connects));
        console.Line(Format.Wave(Say.It("logins", "登录"), burst.Logins));
        console.Line(Say.It(
            $"enters: {Format.Count(burst.Enters)} of {Format.Count(burst.EntersDue)}, complete after {Time(burst.CompleteMs)}; /user/list shows {Format.Count(burst.Listed)}",
            $"进入通知：{Format.Count(burst.Enters)} / {Format.Count(burst.EntersDue)}，{Time(burst.CompleteMs)} 后齐全；/user/list 显示 {Format.Count(burst.Listed)}"));
        console.Line(Say.It(
            $"load client: reactor {Format.Percent(burst.Client.BusiestReactor)} busy" + (burst.Client.IsBottleneck ? ": the time is an upper bound" : ""),
            $"压测客户端：反应器占用 {Format.Percent(burst.Client.BusiestReactor)}" + (burst.Client.IsBottleneck ? "：该时间为上限" : "")));
        if (report.Cut is { } cut)
        {
            console.Line(Say.It(
                $"{Format.Count(cut.Users)} cut by {cut.How}: gone from /user/list after {Time(cut.GoneMs)}, the rest told after {Time(cut.ToldMs)}",
                $"{Format.Count(cut.Users)} 个用户以 {cut.How} 断开：{Time(cut.GoneMs)} 后从 /user/list 消失，{Time(cut.ToldMs)} 后其余用户全部得知"));
        }
        Verdict.Print(console, report.Valid, report.Problems);
    }

    private static string Time(double? milliseconds) => milliseconds is { } value ? Format.Milliseconds(value) : Say.It("never", "从未");
}
