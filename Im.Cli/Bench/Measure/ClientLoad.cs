using System.Diagnostics;
using Im.Cli.Bench.Engine;
using Im.Cli.Text;

namespace Im.Cli.Bench.Measure;

/// <summary>
/// How busy the load client itself was. A figure is invalid when it was the bottleneck: one reactor at 90 % or more of a processor, or the process at 85 % or more of its
/// share, which is half of the machine, but at least one processor (the other half is the server's).
/// </summary>
internal sealed record ClientLoad(double BusiestReactor, double ProcessShare, double ReactorWaited)
{
    public const double ReactorLimit = 0.90;
    public const double ProcessLimit = 0.85;

    public bool IsBottleneck => BusiestReactor >= ReactorLimit || ProcessShare >= ProcessLimit;

    public string? Refusal => !IsBottleneck ? null : Say.It(
        $"the load client was the bottleneck (reactor {BusiestReactor:P0} busy, limit {ReactorLimit:P0}; process {ProcessShare:P0} of its share, limit {ProcessLimit:P0}): use --threads, fewer members or another machine",
        $"压测客户端成为瓶颈（反应器占用 {BusiestReactor:P0}，上限 {ReactorLimit:P0}；进程占其份额 {ProcessShare:P0}，上限 {ProcessLimit:P0}）：请用 --threads、减少成员或换一台机器");

    /// <param name="processors">Of the machine.</param>
    public static ClientLoad Of(TimeSpan elapsed, IEnumerable<TimeSpan> reactorsBusy, TimeSpan reactorsWaited, TimeSpan process, int processors)
    {
        var wall = Math.Max(elapsed.TotalSeconds, 1e-9);
        return new ClientLoad(
            reactorsBusy.Max(busy => busy.TotalSeconds) / wall,
            process.TotalSeconds / wall / Math.Max(1.0, processors / 2.0),
            reactorsWaited.TotalSeconds / wall);
    }

    /// <summary>Takes the counters now; the returned function gives the load since.</summary>
    public static Func<ClientLoad> Begin(IReadOnlyList<Reactor> reactors)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Environment.CpuUsage.TotalTime;
        var busy = reactors.Select(reactor => reactor.Clock.Busy).ToArray();
        var waited = reactors.Select(reactor => reactor.Clock.Waited).ToArray();
        return () => Of(
            Stopwatch.GetElapsedTime(started),
            reactors.Select((reactor, i) => reactor.Clock.Busy - busy[i]),
            reactors.Select((reactor, i) => reactor.Clock.Waited - waited[i]).Max(),
            Environment.CpuUsage.TotalTime - process,
            Environment.ProcessorCount);
    }
}
