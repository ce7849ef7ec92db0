using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Report.Results;
using Im.Cli.Bench.Room;
using Im.Cli.Text;

namespace Im.Cli.Bench.Push;

/// <summary>What a pass came to.</summary>
/// <param name="Rate">Pushes a second that were due; 0 for as many as the answers allowed.</param>
/// <param name="Written">Answered that the user's socket took them.</param>
/// <param name="Missing">Due and not answered so.</param>
/// <param name="Received">Read by their users.</param>
/// <param name="Answer">Until the answer; at a rate from the time each was due, else from its sending.</param>
/// <param name="Delivery">Until the user's client had read it, counted from the same time.</param>
/// <param name="ServerCpuMicros">Processor time of the server per push; null when its process is not known.</param>
internal sealed record PushFigures(
    PushCall Call,
    int Rate,
    long Written,
    long Missing,
    long Received,
    double PerSecond,
    LatencySummary Answer,
    LatencySummary Delivery,
    double? ServerCpuMicros,
    double? ServerCpuShare,
    ClientLoad Client)
{
    public static PushFigures Of(PushCall call, LoadPass pass, long received, LatencySummary delivery, LoadUse use) => new(
        call,
        pass.Rate,
        pass.Acked,
        pass.IsPaced ? pass.Count - pass.Acked : 0,
        received,
        pass.Acked / use.Elapsed.TotalSeconds,
        pass.Latency,
        delivery,
        use.ServerMicrosEach(pass.Acked),
        use.ServerCpuShare,
        use.Client);
}

/// <param name="Faults">What the users got wrong over all passes.</param>
/// <param name="Repeated">Of stored pushes: those that a user had already when they came; a client passes over them by their number.</param>
/// <param name="NotWritten">Answers that were no WRITTEN, by what they said.</param>
internal sealed record PushReport(
    PushPlan Plan,
    IReadOnlyList<PushFigures> Passes,
    DeliveryFaults Faults,
    long Repeated,
    IReadOnlyDictionary<string, int> NotWritten,
    IReadOnlyList<string> Problems) : BenchReport("push", Problems)
{
    public override ReportData ToData() => PushData.Of(this);

    public static PushReport Of(PushPlan plan, IReadOnlyList<PushFigures> passes, DeliveryFaults faults, IReadOnlyDictionary<string, int> notWritten, int lost)
    {
        var repeated = plan.Stored ? faults.Doubled : 0;
        if (plan.Stored) faults = faults with { Doubled = 0 };
        var problems = new List<string>();
        foreach (var pass in passes)
        {
            var name = PushPrinter.Name(pass.Call);
            if (pass.Written == 0) problems.Add(Say.It($"{name}: not one push was written", $"{name}：没有任何推送写入套接字"));
            if (pass.Missing > 0)
            {
                problems.Add(Say.It(
                    $"{name}: {Format.Count(pass.Rate)}/s is more than was answered: {Format.Count(pass.Missing)} were due and not answered",
                    $"{name}：{Format.Count(pass.Rate)}/秒超出应答能力：{Format.Count(pass.Missing)} 条到期未应答"));
            }

            if (pass.Client.Refusal is { } refusal) problems.Add($"{name}, {(pass.Rate == 0 ? Say.It("no rate", "不限速") : $"{Format.Count(pass.Rate)}/s")}: {refusal}");
        }

        if (!faults.None) problems.Add(Say.It($"users: {Format.Faults(faults)}", $"用户端：{Format.Faults(faults)}"));
        if (notWritten.Count > 0) problems.Add(Say.It($"not written: {Format.Faults(notWritten)}", $"未写入：{Format.Faults(notWritten)}"));
        if (lost > 0) problems.Add(Say.It($"{lost} connections ended", $"{lost} 个连接断开"));
        return new PushReport(plan, passes, faults, repeated, notWritten, problems);
    }
}
