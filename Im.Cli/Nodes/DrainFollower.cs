using Im.Protocol.Ingress.V1;

namespace Im.Cli.Nodes;

internal enum DrainPhase
{
    /// <summary>Its clients go.</summary>
    Clients,

    /// <summary>It hands its shards over and leaves; or it was asked itself, and answers no more.</summary>
    Leaving,

    /// <summary>The cluster has no such member any more.</summary>
    Gone,

    /// <summary>A new process at its address takes users.</summary>
    Back,
}

/// <param name="Left">Connections that are still open, of <paramref name="Total"/>.</param>
internal sealed record DrainStep(DrainPhase Phase, long Total, long Left);

/// <summary>Looks again and again what has become of a node that drains.</summary>
/// <param name="node">As it was when it was told.</param>
internal sealed class DrainFollower(AdminClient client, ClusterNode node)
{
    private DrainStep _last = new(DrainPhase.Clients, node.Connections, node.Connections);

    /// <exception cref="AdminException">The node that is asked refuses, or is another one than that which drains and does not answer.</exception>
    public async Task<DrainStep> LookAsync(CancellationToken cancellation)
    {
        try
        {
            return _last = Step(await client.GetClusterAsync(cancellation));
        }
        catch (AdminException away) when (!away.IsAnswered && IsAsked)
        {
            return _last = _last.Phase == DrainPhase.Gone ? _last : _last with { Phase = DrainPhase.Leaving, Left = 0 };
        }
    }

    /// <summary>The node that is asked is the one that drains: it falls silent.</summary>
    public required bool IsAsked { get; init; }

    private DrainStep Step(GetClusterResponse cluster)
    {
        var here = cluster.Nodes.FirstOrDefault(member => member.Address == node.Address);
        if (here is null) return _last with { Phase = DrainPhase.Gone, Left = 0 };
        if (here.Incarnation != node.Incarnation) return _last with { Phase = here.Ready ? DrainPhase.Back : DrainPhase.Gone, Left = 0 };
        if (here.Status != node.Status) return _last with { Phase = DrainPhase.Leaving, Left = 0 };
        return here.Drain is { } drain ? new DrainStep(DrainPhase.Clients, drain.Total, drain.Left) : _last;
    }
}
