using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients;

/// <summary>All connections in this process.</summary>
internal sealed class LocalCrowd(Crowd crowd) : ICrowd
{
    private readonly Func<ClientLoad> _load = ClientLoad.Begin(crowd.Reactors);

    public Task<WaveResult> RunAsync(Step step, int from, int to, double ratePerSecond, int window, IProgress<int>? progress, CancellationToken cancellation) =>
        crowd.RunAsync(step, from, to, ratePerSecond, window, progress, cancellation);

    public Task<CrowdState> ReadAsync(CancellationToken cancellation)
    {
        crowd.ThrowIfFaulted();
        return Task.FromResult(new CrowdState(crowd.OpenCount, crowd.Errors, _load()));
    }

    public ValueTask DisposeAsync()
    {
        crowd.Dispose();
        return ValueTask.CompletedTask;
    }
}
