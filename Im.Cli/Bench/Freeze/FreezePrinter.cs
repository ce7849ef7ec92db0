using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Freeze;

internal static class FreezePrinter
{
    public static void Print(BenchConsole console, FreezeReport report)
    {
        var plan = report.Plan;
        console.Line(Say.It(
            $"{plan.Rooms} rooms of {plan.Members} with members on the nodes that stay, {plan.Rate} broadcasts a second; {Format.Seconds(plan.Time)} before, while one node is frozen, and after",
            $"{plan.Rooms} 个 {plan.Members} 人房间，成员都在正常节点上，每秒 {plan.Rate} 条广播；冻结前、冻结期间与恢复后各 {Format.Seconds(plan.Time)}"));
        Print(console, Say.It($"{plan.Rooms - report.RoomsOnFrozen} rooms that live on those nodes", $"位于正常节点的 {plan.Rooms - report.RoomsOnFrozen} 个房间"), report.Elsewhere);
        if (report.OnFrozen.Count > 0) Print(console, Say.It($"{report.RoomsOnFrozen} rooms that live on the frozen node", $"位于被冻结节点的 {report.RoomsOnFrozen} 个房间"), report.OnFrozen);
        Verdict.Print(console, report.Valid, report.Problems);
    }

    private static void Print(BenchConsole console, string title, IReadOnlyList<FreezeFigures> parts)
    {
        console.Line(title);
        foreach (var part in parts)
        {
            console.Line(Say.It(
                $"  {NameOf(part.Part),-12} {Format.Latency(part.Latency)}; {Format.Count(part.Deliveries)} of {Format.Count(part.Due)} deliveries, {Format.Count(part.Refused)} broadcasts refused",
                $"  {NameOf(part.Part),-8} {Format.Latency(part.Latency)}；{Format.Count(part.Deliveries)} / {Format.Count(part.Due)} 次投递，{Format.Count(part.Refused)} 条广播被拒绝"));
        }
    }

    private static string NameOf(FreezePart part) => part switch
    {
        FreezePart.Before => Say.It("before", "冻结前"),
        FreezePart.Frozen => Say.It("frozen", "冻结期间"),
        _ => Say.It("after", "恢复后"),
    };
}
