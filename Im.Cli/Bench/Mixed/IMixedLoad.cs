using Im.Cli.Bench.Clients;

namespace Im.Cli.Bench.Mixed;

/// <summary>One kind of work of a mixed run, with connections of its own.</summary>
internal interface IMixedLoad : IDisposable
{
    string Name { get; }

    /// <summary>A second.</summary>
    int Rate { get; }

    Crowd Crowd { get; }

    /// <summary>What was done and answered so far.</summary>
    long Done { get; }

    /// <summary>Logs in.</summary>
    /// <exception cref="BenchException">Not all could.</exception>
    Task OpenAsync(LoadShape shape, CancellationToken cancellation);

    /// <summary>Does its work at its rate for so long, and waits until all of it is answered, at most <paramref name="drain"/> longer.</summary>
    Task<MixedFigures> RunAsync(TimeSpan time, TimeSpan drain, CancellationToken cancellation);
}
