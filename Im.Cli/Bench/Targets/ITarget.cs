using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Targets;

/// <summary>A server under measurement, started by the bench or running already.</summary>
internal interface ITarget : IAsyncDisposable
{
    /// <summary>Short name for tables: <c>im</c> or <c>signalr</c>.</summary>
    string Name { get; }

    EndpointSet Endpoints { get; }

    /// <summary>Unknown when the server is not on this machine, or its processes were not named.</summary>
    ServerProcesses Processes { get; }

    /// <summary>Has the server run a full compacting collection and reads its memory after it, that of all nodes together.</summary>
    /// <exception cref="BenchException">The server did not answer.</exception>
    Task<MemorySample> CollectAsync(CancellationToken cancellation);
}
