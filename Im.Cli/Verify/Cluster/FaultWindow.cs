namespace Im.Cli.Verify.Cluster;

/// <summary>One fault as it was brought about. Times are milliseconds of the run.</summary>
/// <param name="Detail">Which node, how long, in which way.</param>
/// <param name="HealedMs">From here on nothing was wrong any more outside of the nodes.</param>
/// <param name="ReadyMs">All nodes were ready again.</param>
/// <param name="EndedMs">What was open when it began has its answer, and everybody is online but for slow readers.</param>
/// <param name="Exits">Nodes that ended meanwhile: name and exit code.</param>
internal sealed record FaultWindow(ClusterFault Fault, string Detail, long BegunMs, long HealedMs, long ReadyMs, long EndedMs, IReadOnlyList<string> Exits);
