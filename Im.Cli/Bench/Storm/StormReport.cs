using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;
using Im.Cli.Text;

namespace Im.Cli.Bench.Storm;

/// <summary>What one storm came to.</summary>
/// <param name="Back">Connect and login of all, its latency counted from the storm's beginning.</param>
/// <param name="AllBackMs">From the first connect to the last login's answer.</param>
/// <param name="InAnswers">Messages that came in answers to logins.</param>
/// <param name="Pushed">Messages that came as pushes after the login.</param>
/// <param name="Repeated">Pushes of messages that the answer to the login had brought already; a client passes over them.</param>
/// <param name="Faults">What the clients got wrong since the run began.</param>
internal sealed record StormFigures(
    int Round,
    WaveResult Back,
    double AllBackMs,
    long InAnswers,
    long Pushed,
    long Repeated,
    DeliveryFaults Faults,
    double? ServerCpuMicros,
    double? ServerCpuShare,
    ClientLoad Client)
{
    /// <summary>After a kill: processors that the other nodes used together, in each second before it, and after all were back. Empty otherwise.</summary>
    public IReadOnlyList<double> CpuBefore { get; init; } = [];

    public IReadOnlyList<double> CpuAfter { get; init; } = [];

    public static StormFigures Of(int round, WaveResult back, long inAnswers, long pushed, long repeated, DeliveryFaults faults, LoadUse use) => new(
        round,
        back,
        back.Elapsed.TotalMilliseconds,
        inAnswers,
        pushed,
        repeated,
        faults,
        use.ServerMicrosEach(back.Done),
        use.ServerCpuShare,
        use.Client);
}

/// <param name="NotRecovered">Logins whose answer did not have everything after the cursor.</param>
internal sealed record StormReport(
    StormPlan Plan,
    IReadOnlyList<StormFigures> Rounds,
    int NotRecovered,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyList<string> Problems) : BenchReport("storm", Problems)
{
    public override ReportData ToData() => StormData.Of(this);

    public static StormReport Of(StormPlan plan, IReadOnlyList<StormFigures> rounds, StormBook book, IReadOnlyDictionary<string, int> errors)
    {
        var problems = new List<string>();
        foreach (var round in rounds)
        {
            if (round.Back.Failed > 0) problems.Add(Say.It($"storm {round.Round}: {round.Back.Failed} clients did not come back", $"第 {round.Round} 次风暴：{round.Back.Failed} 个客户端没有回来"));
            if (round.Back.Elapsed > plan.Limit) problems.Add(Say.It($"storm {round.Round} took longer than {Format.Seconds(plan.Limit)}", $"第 {round.Round} 次风暴超过 {Format.Seconds(plan.Limit)}"));
        }

        if (rounds is [.., { Faults: { None: false } faults }]) problems.Add(Say.It($"clients: {Format.Faults(faults)}", $"客户端：{Format.Faults(faults)}"));
        if (book.NotRecovered > 0) problems.Add(Say.It($"{book.NotRecovered} logins were not answered with all that was missed", $"{book.NotRecovered} 次登录的应答没有补齐错过的消息"));
        if (book.Lost > 0) problems.Add(Say.It($"{book.Lost} connections ended without being cut", $"{book.Lost} 个连接非因切断而断开"));
        if (errors.Count > 0) problems.Add(Format.Faults(errors));
        return new StormReport(plan, rounds, book.NotRecovered, errors, problems);
    }
}
