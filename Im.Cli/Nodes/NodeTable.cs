using System.Globalization;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Nodes;

/// <summary>The members of a cluster as lines: a row each, and below it what an operator has to know of it.</summary>
internal static class NodeTable
{
    private static readonly string[] Regions = ["session", "conversation"];

    public static IReadOnlyList<string> Lines(GetClusterResponse cluster)
    {
        string[][] rows = [Header(), .. cluster.Nodes.Select(Row)];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => Cells(row[column]))).ToArray();
        var lines = new List<string> { Line(rows[0], widths) };
        foreach (var (node, row) in cluster.Nodes.Zip(rows.Skip(1)))
        {
            lines.Add(Line(row, widths));
            if (Below(node) is { } more) lines.Add("  " + more);
        }

        if (cluster.Partial) lines.Add(Say.It("Not every node answered: of the others only what the cluster knows is shown.", "并非所有节点都作了应答：其余节点只显示集群所知的信息。"));
        return lines;
    }

    private static string[] Header() =>
    [
        Say.It("NODE", "节点"), Say.It("ADDRESS", "地址"), Say.It("STATUS", "状态"), Say.It("READY", "就绪"), Say.It("CONNECTIONS", "连接"), Say.It("LOGGED IN", "已登录"), Say.It("SESSIONS", "会话"),
        Say.It("CONVERSATIONS", "对话"), Say.It("SHARDS", "分片"), Say.It("VERSION", "版本"), Say.It("UP", "运行时间"),
    ];

    private static string[] Row(ClusterNode node) =>
    [
        node.Answered ? node.Node : "-", node.Address, Status(node), node.Answered ? node.Ready ? Say.It("yes", "是") : Say.It("no", "否") : "?",
        Count(node, node.Connections), Count(node, node.LoggedIn), Count(node, node.Sessions), Count(node, node.Conversations), Shards(node), node.Version,
        node.Answered ? Time(TimeSpan.FromMilliseconds(node.UptimeMs)) : "?",
    ];

    private static string Status(ClusterNode node)
    {
        var status = node.Status.ToString().ToLowerInvariant();
        if (!node.Reachable) status += Say.It(", unreachable", "，不可达");
        return node.Oldest ? status + Say.It(", oldest", "，最早") : status;
    }

    /// <summary>Sessions and conversations; a region that did not say is a question mark.</summary>
    private static string Shards(ClusterNode node) => string.Join('+', Regions.Select(region => node.Shards.TryGetValue(region, out var count) ? Number(count) : "?"));

    private static string? Below(ClusterNode node)
    {
        if (node.Drain is { } drain) return $"{node.Reason}  {ProgressText.Bar(drain.Total, drain.Left)}";
        return node is { Answered: true, Ready: false } ? node.Reason : null;
    }

    private static string Count(ClusterNode node, long count) => node.Answered ? Number(count) : "?";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalMinutes < 1 ? $"{time.Seconds} s" : time.TotalHours < 1 ? $"{time.Minutes} m {time.Seconds} s" : time.TotalDays < 1 ? $"{time.Hours} h {time.Minutes} m" : $"{time.Days} d {time.Hours} h";

    private static string Line(string[] row, int[] widths) => string.Join("  ", row.Select((cell, column) => cell + new string(' ', widths[column] - Cells(cell)))).TrimEnd();

    /// <summary>A Chinese character takes two cells of a terminal.</summary>
    private static int Cells(string text) => text.Sum(character => character >= 0x2E80 ? 2 : 1);
}
