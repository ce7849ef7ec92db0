using Im.Protocol;

namespace Im.Cli.Verify.Cluster;

/// <summary>How long a user may wait for the answer to a message because of a fault, and nodes until they are ready again.</summary>
/// <param name="Median">Half of the users at most.</param>
/// <param name="Max">Every user; null when it is bounded from the heal on.</param>
/// <param name="AfterHeal">Every user, from the heal on.</param>
/// <param name="Ready">All nodes, from the heal on.</param>
internal sealed record FaultLimits(TimeSpan? Median, TimeSpan? Max, TimeSpan? AfterHeal, TimeSpan? Ready)
{
    /// <summary>Anybody's first acknowledgement, from the heal on.</summary>
    public TimeSpan? FirstAck { get; init; }

    /// <summary>Of nodes that were drained: what their clients may see.</summary>
    public DrainLimits? Drained { get; init; }

    public static FaultLimits Of(ClusterFault fault) => fault switch
    {
        ClusterFault.Kill => new(Seconds(5), Seconds(12), null, null),
        ClusterFault.Oldest => new(Seconds(5), Seconds(16), null, null),
        ClusterFault.Rolling => new(Seconds(1), Seconds(3), null, null) { Drained = new(Seconds(1), Seconds(3), [(int)CloseCode.Drain, (int)CloseCode.GoingAway]) },
        ClusterFault.Part or ClusterFault.OneWay => new(null, Seconds(20), null, Seconds(30)),
        ClusterFault.Freeze => new(null, Seconds(20), null, Seconds(30)),
        ClusterFault.Islands => new(null, null, Seconds(30), Seconds(30)),
        ClusterFault.Flap => new(null, null, Seconds(20), Seconds(30)),
        ClusterFault.SlowLink => new(null, Seconds(20), null, null),
        ClusterFault.Database => new(null, null, Seconds(5), null) { FirstAck = Seconds(5) },
        ClusterFault.Slow => new(null, Seconds(3), null, null),
        ClusterFault.Door => new(null, Seconds(30), null, null),
        ClusterFault.Files => new(null, null, Seconds(30), null),
        ClusterFault.Cpu => new(null, Seconds(12), null, null),
        _ => new(null, Seconds(16), null, null),
    };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}

/// <param name="Median">Half of the devices may be without a connection for so long.</param>
/// <param name="Max">Every device.</param>
/// <param name="Closes">No other close code.</param>
internal sealed record DrainLimits(TimeSpan Median, TimeSpan Max, IReadOnlyList<int> Closes);
