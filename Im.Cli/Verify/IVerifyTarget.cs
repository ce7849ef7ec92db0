using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify;

/// <summary>What is under check, seen by its clients, and how it is disturbed.</summary>
internal interface IVerifyTarget
{
    /// <summary>Where clients connect.</summary>
    Uri WebSocket { get; }

    /// <summary>The HTTP interface, with the API key in its headers.</summary>
    HttpClient Http { get; }

    /// <summary>An app that allows a user one connection; null when logins and presence are not tried.</summary>
    uint? SingleApp => null;

    /// <summary>How many devices take their records slowly during all of the load.</summary>
    int SlowReaders => 0;

    /// <summary>What happens to it while the load runs.</summary>
    IDisturbance Disturb(Population population, Workload workload, FactBook book, VerifyPlan plan);
}

/// <summary>Brings faults about, one a round.</summary>
internal interface IDisturbance
{
    /// <summary>Returns when it is over and everything serves again.</summary>
    /// <returns>What happened, in a few words.</returns>
    Task<string> RunAsync(int round, CancellationToken cancellation);
}
