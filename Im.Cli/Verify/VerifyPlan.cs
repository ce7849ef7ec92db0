namespace Im.Cli.Verify;

/// <summary>A disturbance.</summary>
internal enum Fault
{
    /// <summary>SIGKILL and a new start on the same data.</summary>
    Kill,

    /// <summary>SIGSTOP for some seconds, then SIGCONT.</summary>
    Stop,

    /// <summary>SIGTERM, drain, and a new start.</summary>
    Restart,

    /// <summary>A third of the connections end without a word.</summary>
    Drop,

    /// <summary>Some devices stop taking records for some seconds.</summary>
    Slow,

    /// <summary>The disk keeps what had reached it at some instant; a new start on that. Needs root and loop devices, so no plan has it by itself.</summary>
    PowerCut,
}

/// <summary>What a run does.</summary>
/// <param name="Devices">All of them; every sender is one.</param>
/// <param name="Rate">Commands per second, all senders together.</param>
/// <param name="Rounds">Times of load, each with a fault at its end, taken from <paramref name="Faults"/> in turn.</param>
/// <param name="RoundTime">How long the load runs before each fault.</param>
/// <param name="ProbeTurns">How often each device that only reads leaves and comes back in the peace at the end.</param>
/// <param name="Seed">Of the random choices; the same seed gives the same choices, not the same timing.</param>
internal sealed record VerifyPlan(uint App, int Senders, int Devices, int Rate, int Rounds, TimeSpan RoundTime, IReadOnlyList<Fault> Faults, int ProbeTurns, int Seed)
{
    /// <summary>It writes so much that retention, as set for a node of its own, has to remove something.</summary>
    public bool ExpectsRemoval => Rounds * RoundTime.TotalSeconds * Rate >= 5_000;

    /// <summary>About two minutes: every fault, kill most often.</summary>
    public static readonly VerifyPlan Ci = new(101, 20, 50, 150, 8, TimeSpan.FromSeconds(6), [Fault.Kill, Fault.Slow, Fault.Kill, Fault.Stop, Fault.Kill, Fault.Drop, Fault.Kill, Fault.Restart], 2, 1);

    /// <summary>Twenty kills, and the other faults between them.</summary>
    public static readonly VerifyPlan Full = Ci with
    {
        Rounds = 40,
        Rate = 250,
        ProbeTurns = 4,
        Faults = [Fault.Kill, Fault.Drop, Fault.Kill, Fault.Stop, Fault.Kill, Fault.Slow, Fault.Kill, Fault.Restart],
    };

    /// <summary>A look: one kill.</summary>
    public static readonly VerifyPlan Quick = Ci with { Senders = 6, Devices = 15, Rounds = 2, RoundTime = TimeSpan.FromSeconds(4), Faults = [Fault.Kill, Fault.Drop] };
}
