using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Send;

internal static class SendPrinter
{
    public static void Print(BenchConsole console, SendReport report)
    {
        var plan = report.Plan;
        console.Line(Say.It(
            $"{plan.Senders} senders, up to {plan.Unanswered} unanswered each, text of {plan.SizeBytes} bytes, {plan.PairPercent} % one to one, rooms of {plan.RoomSize}",
            $"{plan.Senders} 个发送者，每个最多 {plan.Unanswered} 条未应答，文本 {plan.SizeBytes} 字节，单聊 {plan.PairPercent} %，房间 {plan.RoomSize} 人"));
        Print(console, Say.It("as many as the answers allow", "不限速"), report.Free);
        foreach (var pass in report.Paced) Print(console, Say.It($"at {Format.Count(pass.Rate)}/s", $"每秒 {Format.Count(pass.Rate)} 条"), pass);
        console.Line(report.Disk is { } disk
            ? Say.It(
                $"disk: {Format.Count(disk.PerSecond)} syncs/s one after the other, p50 {Format.Milliseconds(disk.P50Ms)}  p99 {Format.Milliseconds(disk.P99Ms)}",
                $"磁盘：顺序同步 {Format.Count(disk.PerSecond)} 次/秒，p50 {Format.Milliseconds(disk.P50Ms)}  p99 {Format.Milliseconds(disk.P99Ms)}")
            : Say.It("disk: not measured; give --data-directory", "磁盘：未测量；请用 --data-directory 指定"));
        Verdict.Print(console, report.Valid, report.Problems);
    }

    private static void Print(BenchConsole console, string title, SendFigures pass)
    {
        var cpu = pass.ServerCpuShare is { } share
            ? Say.It($"; server {share:0.00} processors, client {Format.Percent(pass.Client.BusiestReactor)} busy", $"；服务器 {share:0.00} 个处理器，客户端占用 {Format.Percent(pass.Client.BusiestReactor)}")
            : "";
        console.Line(Say.It(
            $"{title}: acknowledged {Format.Count(pass.AckedPerSecond)}/s ({Format.Count(pass.Acked)}), {Format.Latency(pass.Latency)}{cpu}",
            $"{title}：已确认 {Format.Count(pass.AckedPerSecond)}/秒（共 {Format.Count(pass.Acked)}），{Format.Latency(pass.Latency)}{cpu}"));
        if (pass.Store is not { } store) return;
        console.Line(Say.It(
            $"  store: {Format.Count(store.CommitsPerSecond)} commits/s of {store.RecordsPerCommit:0.0} records, {Format.Milliseconds(store.AppendMs)} from an append's arrival until its commit",
            $"  存储：每秒提交 {Format.Count(store.CommitsPerSecond)} 次，每次 {store.RecordsPerCommit:0.0} 条记录，追加从到达至提交 {Format.Milliseconds(store.AppendMs)}"));
    }
}
