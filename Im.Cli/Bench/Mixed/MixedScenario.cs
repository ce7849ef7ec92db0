using System.Diagnostics;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;

namespace Im.Cli.Bench.Mixed;

/// <summary>
/// What a node does all day, at once: durable messages, a busy room, pushes and clients that come back. Each kind has a rate and keeps to it whatever the server does; its latency
/// counts from when each was due.
/// </summary>
internal sealed class MixedScenario(BenchConsole console, LoadShape shape, MixedPlan plan)
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    /// <exception cref="BenchException">Not all clients could log in.</exception>
    public async Task<MixedReport> RunAsync(NodeTarget target, uint app, string run, CancellationToken cancellation)
    {
        var loads = new List<IMixedLoad>();
        try
        {
            if (plan.SendsPerSecond > 0) loads.Add(new DurableLoad(target, shape, plan, app, run));
            if (plan.BroadcastsPerSecond > 0) loads.Add(new BroadcastLoad(target, shape, plan, app, run));
            if (plan.PushesPerSecond > 0) loads.Add(new PushLoad(target, shape, plan, app, run));
            if (plan.Returning > 0) loads.Add(new ReconnectLoad(target, shape, plan, app, run));
            foreach (var load in loads) await load.OpenAsync(shape, cancellation);
            await Quiet.WaitAsync(target.Processes, cancellation);
            var watch = LoadWatch.Begin([.. loads.SelectMany(load => load.Crowd.Reactors)], target.Processes);
            var figures = await Task.WhenAll(loads.Select(load => ShowAsync(load, cancellation)));
            return MixedReport.Of(plan, figures, watch.Read());
        }
        finally
        {
            foreach (var load in loads) load.Dispose();
        }
    }

    private Task<MixedFigures> ShowAsync(IMixedLoad load, CancellationToken cancellation) => console.ShowAsync(
        Say.It($"{load.Name}: {Format.Count(load.Rate)}/s", $"{load.Name}：{Format.Count(load.Rate)}/秒"),
        (int)plan.Time.TotalMilliseconds,
        async progress =>
        {
            var started = Stopwatch.GetTimestamp();
            var running = load.RunAsync(plan.Time, DrainLimit, cancellation);
            while (await Task.WhenAny(running, Task.Delay(100, cancellation)) != running)
            {
                cancellation.ThrowIfCancellationRequested();
                load.Crowd.ThrowIfFaulted();
                progress.Report((int)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return await running;
        },
        () => load.Done);
}
