using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients;

/// <summary>Client connections that are taken through steps, in this process or in several.</summary>
internal interface ICrowd : IAsyncDisposable
{
    /// <summary>As <see cref="Crowd.RunAsync"/>.</summary>
    Task<WaveResult> RunAsync(Step step, int from, int to, double ratePerSecond, int window, IProgress<int>? progress, CancellationToken cancellation);

    /// <exception cref="BenchException">A part of the client has failed.</exception>
    Task<CrowdState> ReadAsync(CancellationToken cancellation);
}

/// <param name="Open">Connections with an open WebSocket.</param>
/// <param name="Errors">Causes of failures and how often each was seen.</param>
/// <param name="Load">Of the client, since it began.</param>
internal sealed record CrowdState(int Open, IReadOnlyDictionary<string, int> Errors, ClientLoad Load);
