using Akka.Actor;
using Akka.Cluster;
using Im.Node.Configuration;

namespace Im.Node.Clustering.Formation;

/// <summary>For a node that does not get into its cluster: what was tried, and why each failed.</summary>
internal sealed class JoinReport(ImOptions options, FormationSettings settings, SeedProbe probe, INodeRegistry registry, IServiceProvider services)
{
    /// <summary>One line each; none when the node has joined or is a cluster of its own.</summary>
    public async Task<IReadOnlyList<string>> ExplainAsync(CancellationToken cancellation)
    {
        if (settings.Seeds.Count == 0) return [];
        var cluster = Cluster.Get(services.GetRequiredService<ActorSystem>());
        if (cluster.SelfMember.Status is MemberStatus.Up) return [];
        var self = ClusterAddress.Text(cluster.SelfAddress);
        var known = await registry.ReadAsync(settings.Fresh, cancellation).ConfigureAwait(false);
        List<string> tried = [.. settings.Seeds.Select(seed => seed.ToString()).Concat(known ?? []).Where(node => node != self).Distinct()];
        var answers = await Task.WhenAll(tried.Select(node => ExplainAsync(node, cluster.SelfAddress, cancellation))).ConfigureAwait(false);
        return [.. answers, .. Founding(self, known)];
    }

    private async Task<string> ExplainAsync(string node, Address self, CancellationToken cancellation) =>
        SeedNode.TryParse(node, out var seed) ? $"  {node} {await probe.ExplainAsync(seed, self, cancellation).ConfigureAwait(false)}" : $"  {node} is no host:port";

    /// <summary>Why this node does not found a cluster of its own.</summary>
    private IEnumerable<string> Founding(string self, IReadOnlyList<string>? known)
    {
        if (settings.Seeds[0].ToString() != self)
        {
            yield return $"  This node is {self}; the first of Im:Cluster:SeedNodes, {settings.Seeds[0]}, has to be up before a cluster is founded"
                + (settings.Seeds.Any(seed => seed.Port == options.Cluster.Port) ? "" : $" (no seed has port {options.Cluster.Port})");
        }
        else if (known is null)
        {
            yield return "  The store does not say which nodes are about, so this node founds no cluster: see that PostgreSQL answers";
        }
        else if (known.Any(node => node != self))
        {
            yield return $"  The store knows of {string.Join(", ", known.Where(node => node != self))} as serving, so this node founds no cluster beside it: mend the network between them";
        }
    }
}
