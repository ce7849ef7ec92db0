using System.Globalization;
using Akka.Actor;
using Akka.Cluster;

namespace Im.Actors.Administration;

/// <summary>The operators' edge: asks the NodeAdminActor of each member, and waits at most <see cref="NodeTimeout"/> for it.</summary>
internal sealed class ClusterAdmin(ActorSystem system) : IClusterAdmin
{
    /// <summary>An operator waits for no node longer than that.</summary>
    public TimeSpan NodeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    private readonly Cluster _cluster = Cluster.Get(system);

    public async Task<ClusterReport> GetClusterAsync(CancellationToken cancellation)
    {
        var state = _cluster.State;
        var oldest = Oldest(state);
        var members = await Task.WhenAll(state.Members.Select(member => DescribeAsync(member, state, oldest, cancellation))).ConfigureAwait(false);
        return new ClusterReport(Text(_cluster.SelfAddress), [.. members.OrderBy(member => member.Address, StringComparer.Ordinal)]);
    }

    public async Task<DrainResult> DrainAsync(string node, bool restart, CancellationToken cancellation)
    {
        var report = await GetClusterAsync(cancellation).ConfigureAwait(false);
        string[] known = [.. report.Members.Select(member => member.Address)];
        var name = node == IClusterAdmin.Self ? report.Asked : node;
        var member = report.Members.FirstOrDefault(member => member.Report?.Node == name || member.Address.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (member is null) return new DrainResult(DrainOutcome.NoSuchNode, null, known);
        var address = _cluster.State.Members.FirstOrDefault(there => there.UniqueAddress.Uid == member.Incarnation && Text(there.Address) == member.Address)?.Address;
        var answer = address is null ? null : await AskAsync<AdminAnswers.Draining>(address, new AdminCommands.Drain(restart), cancellation).ConfigureAwait(false);
        return new DrainResult(answer switch { null => DrainOutcome.NoAnswer, { IsNew: true } => DrainOutcome.Begun, _ => DrainOutcome.UnderWay }, member, known);
    }

    private async Task<ClusterMember> DescribeAsync(Member member, ClusterEvent.CurrentClusterState state, Member? oldest, CancellationToken cancellation)
    {
        var isReachable = !state.Unreachable.Contains(member);

        // Who is known to be silent is not waited for.
        var answer = isReachable ? await AskAsync<AdminAnswers.Report>(member.Address, new AdminQueries.GetReport(), cancellation).ConfigureAwait(false) : null;
        return new ClusterMember(
            Text(member.Address),
            member.UniqueAddress.Uid,
            member.Status,
            isReachable,
            member.Address.Equals(state.Leader),
            member.Equals(oldest),
            [.. member.Roles.Order(StringComparer.Ordinal)],
            member.AppVersion.Version,
            answer?.Node);
    }

    private static Member? Oldest(ClusterEvent.CurrentClusterState state) =>
        state.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).Aggregate((Member?)null, (oldest, member) => oldest is null || member.IsOlderThan(oldest) ? member : oldest);

    private async Task<T?> AskAsync<T>(Address address, object message, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await system.ActorSelection(new RootActorPath(address) / "user" / NodeAdminActor.Name).Ask<T>(message, NodeTimeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private static string Text(Address address) => string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");
}
