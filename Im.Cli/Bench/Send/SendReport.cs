using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Text;

namespace Im.Cli.Bench.Send;

/// <summary>What a pass came to.</summary>
/// <param name="Rate">Messages a second that were due; 0 for as many as the answers allowed.</param>
/// <param name="Missing">Due and not acknowledged 10 s after the end.</param>
/// <param name="Latency">At a rate from the time each was due, else from its sending.</param>
/// <param name="ServerCpuShare">Processors that the server used; null when its process is not known.</param>
internal sealed record SendFigures(int Rate, long Acked, long Missing, double AckedPerSecond, LatencySummary Latency, double? ServerCpuShare, ClientLoad Client)
{
    /// <summary>Null when the nodes did not tell.</summary>
    public StoreWork? Store { get; init; }

    public static SendFigures Of(LoadPass pass, LoadUse use) =>
        new(pass.Rate, pass.Acked, pass.IsPaced ? pass.Count - pass.Acked : 0, pass.Acked / use.Elapsed.TotalSeconds, pass.Latency, use.ServerCpuShare, use.Client);
}

/// <param name="Free">As many as the answers allowed.</param>
/// <param name="Paced">At the rates of the plan.</param>
/// <param name="Disk">The disk before the load; without it the latency must not be quoted.</param>
/// <param name="Refused">Answers other than 200.</param>
/// <param name="Unanswered">Messages without an answer 10 s after the end.</param>
internal sealed record SendReport(
    SendPlan Plan,
    SendFigures Free,
    IReadOnlyList<SendFigures> Paced,
    DiskSync? Disk,
    IReadOnlyDictionary<string, int> Refused,
    long Unanswered,
    IReadOnlyList<string> Problems) : BenchReport("send", Problems)
{
    public override ReportData ToData() => SendData.Of(this);

    public static SendReport Of(SendPlan plan, SendLoad load, SendFigures free, IReadOnlyList<SendFigures> paced, DiskSync? disk)
    {
        var problems = new List<string>();
        if (free.Acked == 0) problems.Add(Say.It("nothing was acknowledged", "没有任何消息得到确认"));
        if (load.Refused.Count > 0) problems.Add(Say.It($"refused: {Format.Faults(load.Refused)}", $"被拒绝：{Format.Faults(load.Refused)}"));
        if (load.Unanswered > 0) problems.Add(Say.It($"{load.Unanswered} messages have no answer", $"{load.Unanswered} 条消息没有应答"));
        if (load.Lost > 0) problems.Add(Say.It($"{load.Lost} connections ended", $"{load.Lost} 个连接断开"));
        foreach (var pass in paced.Where(pass => pass.Missing > 0))
        {
            problems.Add(Say.It(
                $"{Format.Count(pass.Rate)}/s is more than the server takes: {Format.Count(pass.Missing)} were due and not acknowledged",
                $"{Format.Count(pass.Rate)}/秒超出服务器能力：{Format.Count(pass.Missing)} 条到期未确认"));
        }

        problems.AddRange(paced.Prepend(free).Select(pass => pass.Client.Refusal).OfType<string>().Distinct());
        return new SendReport(plan, free, paced, disk, load.Refused, load.Unanswered, problems);
    }
}
