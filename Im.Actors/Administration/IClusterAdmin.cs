using Akka.Cluster;

namespace Im.Actors.Administration;

/// <summary>What operators may ask of the whole cluster, on any of its nodes.</summary>
public interface IClusterAdmin
{
    /// <summary>The members as the node asked sees them, each with what it says of itself. Ends within seconds.</summary>
    Task<ClusterReport> GetClusterAsync(CancellationToken cancellation);

    /// <summary>Tells a node to drain.</summary>
    /// <param name="node">Its name, its address, or <see cref="Self"/>.</param>
    /// <param name="restart">Its supervisor is to start it again.</param>
    Task<DrainResult> DrainAsync(string node, bool restart, CancellationToken cancellation);

    /// <summary>Stands for the node asked.</summary>
    const string Self = "self";
}

/// <param name="Asked">Address of the node that was asked.</param>
/// <param name="Members">Ordered by address.</param>
public sealed record ClusterReport(string Asked, IReadOnlyList<ClusterMember> Members);

/// <param name="Address"><c>host:port</c> of its remoting.</param>
/// <param name="Incarnation">Differs between two processes at one address.</param>
/// <param name="IsReachable">By the cluster's failure detector, as the node asked has heard of it.</param>
/// <param name="IsOldest">It has the coordinators of the shard regions, unless a newer version has them.</param>
/// <param name="Report">Null: it did not answer.</param>
public sealed record ClusterMember(
    string Address,
    int Incarnation,
    MemberStatus Status,
    bool IsReachable,
    bool IsLeader,
    bool IsOldest,
    IReadOnlyList<string> Roles,
    string Version,
    NodeReport? Report);

public enum DrainOutcome
{
    /// <summary>It drains from now on.</summary>
    Begun,

    /// <summary>It drained already.</summary>
    UnderWay,

    /// <summary>The cluster has no such member.</summary>
    NoSuchNode,

    /// <summary>It did not answer: it may drain or not.</summary>
    NoAnswer,
}

/// <param name="Member">The node meant, as it was before; null when there is none.</param>
/// <param name="Known">Addresses of all members.</param>
public sealed record DrainResult(DrainOutcome Outcome, ClusterMember? Member, IReadOnlyList<string> Known);
