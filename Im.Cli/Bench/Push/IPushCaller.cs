using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Push;

/// <summary>Sends pushes in lanes that take turns.</summary>
internal interface IPushCaller
{
    /// <summary>Lanes of a pass, each with a histogram of its own.</summary>
    int Lanes { get; }

    /// <summary>Sends until the pass has no more or <paramref name="stop"/> comes, then waits for the answers until <paramref name="giveUp"/>.</summary>
    Task RunAsync(LoadPass pass, CancellationToken stop, CancellationToken giveUp);
}
