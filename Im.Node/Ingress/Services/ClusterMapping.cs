using Akka.Cluster;
using Im.Actors.Administration;
using Im.Protocol.Ingress.V1;
using Status = Im.Protocol.Ingress.V1.ClusterNode.Types.Status;

namespace Im.Node.Ingress.Services;

internal static class ClusterMapping
{
    public static GetClusterResponse ToProto(ClusterReport report) => new()
    {
        Asked = report.Asked,
        Nodes = { report.Members.Select(ToProto) },
        Partial = report.Members.Any(member => member.Report is null),
    };

    private static ClusterNode ToProto(ClusterMember member)
    {
        var node = new ClusterNode
        {
            Address = member.Address,
            Status = Of(member.Status),
            Reachable = member.IsReachable,
            Leader = member.IsLeader,
            Oldest = member.IsOldest,
            Roles = { member.Roles },
            Version = member.Version,
            Incarnation = member.Incarnation,
        };
        if (member.Report is { } report) Add(node, report);
        return node;
    }

    private static void Add(ClusterNode node, NodeReport report)
    {
        node.Answered = true;
        node.Node = report.Node;
        node.Ready = report.Condition.IsReady;
        node.Reason = report.Condition.Reason;
        node.UptimeMs = (long)report.Uptime.TotalMilliseconds;
        node.Connections = report.Connections;
        node.LoggedIn = report.LoggedIn;
        node.Sessions = report.Sessions;
        node.Conversations = report.Conversations;
        node.Shards.Add(report.Shards.ToDictionary());
        if (report.Condition.Drain is { } drain) node.Drain = new Drain { Total = drain.Total, Left = drain.Left };
    }

    private static Status Of(MemberStatus status) => status switch
    {
        MemberStatus.Joining => Status.Joining,
        MemberStatus.WeaklyUp => Status.WeaklyUp,
        MemberStatus.Up => Status.Up,
        MemberStatus.Leaving => Status.Leaving,
        MemberStatus.Exiting => Status.Exiting,
        MemberStatus.Down => Status.Down,
        MemberStatus.Removed => Status.Removed,
        _ => Status.Unspecified,
    };
}
