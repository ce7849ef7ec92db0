using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;
using Im.Cli.Text;

namespace Im.Cli.Bench.Freeze;

/// <param name="Elsewhere">Rooms whose owner lives on a node that stays, by part.</param>
/// <param name="OnFrozen">Rooms whose owner lives on the node that is frozen; empty when there are none.</param>
/// <param name="Faults">In rooms of the first kind.</param>
internal sealed record FreezeReport(
    FreezePlan Plan,
    int RoomsOnFrozen,
    IReadOnlyList<FreezeFigures> Elsewhere,
    IReadOnlyList<FreezeFigures> OnFrozen,
    DeliveryFaults Faults,
    ClientLoad Client,
    IReadOnlyList<string> Problems) : BenchReport("freeze", Problems)
{
    public override ReportData ToData() => FreezeData.Of(this);

    public static FreezeReport Of(FreezePlan plan, RoomsLoad load, ClientLoad client)
    {
        FreezePart[] parts = [FreezePart.Before, FreezePart.Frozen, FreezePart.After];
        var elsewhere = parts.Select(part => load.Figures(isOnFrozen: false, part)).ToList();
        var onFrozen = load.RoomsOnFrozen == 0 ? [] : parts.Select(part => load.Figures(isOnFrozen: true, part)).ToList();
        var problems = new List<string>();
        var faults = load.Faults;
        if (!faults.None) problems.Add(Say.It($"rooms of the other nodes: {Format.Faults(faults)}", $"其他节点的房间：{Format.Faults(faults)}"));
        if (elsewhere.Sum(part => part.Refused) is > 0 and var refused) problems.Add(Say.It($"rooms of the other nodes: {refused} broadcasts were refused", $"其他节点的房间：{refused} 条广播被拒绝"));
        if (load.RoomsOnFrozen == plan.Rooms) problems.Add(Say.It("every room lives on the node that is frozen: use more", "所有房间都位于被冻结的节点：请增加房间数"));
        if (load.Lost > 0) problems.Add(Say.It($"{load.Lost} connections ended", $"{load.Lost} 个连接断开"));
        if (client.Refusal is { } refusal) problems.Add(refusal);
        return new FreezeReport(plan, load.RoomsOnFrozen, elsewhere, onFrozen, faults, client, problems);
    }
}
