using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Bench.Send;

/// <param name="Disk">The disk before the load; without it the latency must not be quoted.</param>
/// <param name="ServerCpuShare">Processors that the server used; null when its process is not known.</param>
/// <param name="Refused">Answers other than 200.</param>
/// <param name="Unanswered">Messages without an answer 10 s after the end.</param>
internal sealed record SendReport(
    Machine Machine,
    SendPlan Plan,
    long Acked,
    double AckedPerSecond,
    LatencySummary Latency,
    DiskSync? Disk,
    double? ServerCpuShare,
    IReadOnlyDictionary<string, int> Refused,
    long Unanswered,
    ClientLoad Client,
    bool Valid,
    IReadOnlyList<string> Problems)
{
    /// <summary>Below this share of the rate the server, or the client, did not keep up with it.</summary>
    private const double KeptShare = 0.98;

    public string Scenario { get; } = "send";

    public static SendReport Of(SendPlan plan, SendLoad load, TimeSpan elapsed, DiskSync? disk, double? serverCpuShare, ClientLoad client)
    {
        var problems = new List<string>();
        var perSecond = load.Acked / elapsed.TotalSeconds;
        if (plan.RatePerSecond > 0 && perSecond < plan.RatePerSecond * KeptShare)
            problems.Add(Say.It($"the rate was not kept: {Format.Count(perSecond)} of {Format.Count(plan.RatePerSecond)} a second", $"未达到设定速率：每秒 {Format.Count(perSecond)}，应为 {Format.Count(plan.RatePerSecond)}"));
        if (load.Acked == 0) problems.Add(Say.It("nothing was acknowledged", "没有任何消息得到确认"));
        if (load.Refused.Count > 0) problems.Add(Say.It($"refused: {Format.Faults(load.Refused)}", $"被拒绝：{Format.Faults(load.Refused)}"));
        if (load.Unanswered > 0) problems.Add(Say.It($"{load.Unanswered} messages have no answer", $"{load.Unanswered} 条消息没有应答"));
        if (load.Lost > 0) problems.Add(Say.It($"{load.Lost} connections ended", $"{load.Lost} 个连接断开"));
        if (client.Refusal is { } refusal) problems.Add(refusal);
        return new SendReport(
            Machine.Here, plan, load.Acked, perSecond, load.Latency, disk, serverCpuShare, load.Refused, load.Unanswered, client, problems.Count == 0, problems);
    }
}
