using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients.Processes;

/// <summary>Connections spread over several client processes, where one may not open so many files: connection n is in process n modulo their number.</summary>
internal sealed class CrowdProcesses : ICrowd
{
    private readonly List<CrowdProcess> _processes = [];
    private int _count;

    /// <summary>How many processes so many connections need.</summary>
    public static int Needed(int connections) => Needed(connections, FileLimit.Current());

    internal static int Needed(int connections, long limit) => (int)Math.Max(1, (connections + Math.Max(1, limit - FileLimit.Spare) - 1) / Math.Max(1, limit - FileLimit.Spare));

    /// <param name="settings">Of all connections together.</param>
    public static async Task<CrowdProcesses> StartAsync(int processes, CrowdSettings settings)
    {
        var all = new CrowdProcesses { _count = processes };
        try
        {
            for (var number = 0; number < processes; number++)
            {
                all._processes.Add(await CrowdProcess.StartAsync(settings with { Run = $"{settings.Run}{(char)('a' + number % 26)}{number / 26}", Count = all.PlaceAt(settings.Count, number) }));
            }

            return all;
        }
        catch
        {
            await all.DisposeAsync();
            throw;
        }
    }

    public async Task<WaveResult> RunAsync(Step step, int from, int to, double ratePerSecond, int window, IProgress<int>? progress, CancellationToken cancellation)
    {
        var done = new int[_count];
        var answers = await Task.WhenAll(_processes.Select((process, number) => process.AskAsync(
            new CrowdOrder(step, PlaceAt(from, number), PlaceAt(to, number), ratePerSecond / _count, Math.Max(1, window / _count)),
            value =>
            {
                Volatile.Write(ref done[number], value);
                progress?.Report(done.Sum());
            },
            cancellation)));
        progress?.Report(to - from);
        return Merge(step, [.. answers.Select(answer => answer.Wave!.ToWave())]);
    }

    public async Task<CrowdState> ReadAsync(CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(_processes.Select(process => process.AskAsync(new CrowdOrder(Step.None, 0, 0, 0, 1), null, cancellation)));
        return Merge([.. answers.Select(answer => answer.State!)]);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_processes.Select(process => process.DisposeAsync().AsTask()));

    /// <summary>The processes begin at the same time: the last to end ends the wave.</summary>
    internal static WaveResult Merge(Step step, IReadOnlyList<WaveResult> parts) =>
        new(step, parts.Sum(part => part.Done), parts.Sum(part => part.Failed), parts.Max(part => part.Elapsed), Latencies.Merge(parts.Select(part => part.Histogram)))
        {
            Repeated = parts.Sum(part => part.Repeated),
        };

    /// <summary>The busiest reactor of all, and the share of the machine that they take together.</summary>
    internal static CrowdState Merge(IReadOnlyList<CrowdState> parts) => new(
        parts.Sum(part => part.Open),
        parts.SelectMany(part => part.Errors).GroupBy(error => error.Key).ToDictionary(error => error.Key, error => error.Sum(count => count.Value)),
        new ClientLoad(parts.Max(part => part.Load.BusiestReactor), parts.Sum(part => part.Load.ProcessShare), parts.Max(part => part.Load.ReactorWaited)));

    /// <summary>First place in a process of a connection with at least this number.</summary>
    private int PlaceAt(int index, int number) => Math.Max(0, (index - number + _count - 1) / _count);
}
