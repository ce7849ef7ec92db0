using Im.Actors.Edge;

namespace Im.Node.Compat;

/// <summary>
/// The seed's <c>/system/state</c>: its keys, and beside them ours, summed over the nodes that answered and for each. The queues of the seed's one
/// manager do not exist here and stay 0.
/// </summary>
internal static class SystemStateRoute
{
    /// <summary>Names of each kind that isDebug lists at most.</summary>
    public const int MaxNames = 1_000;

    public static async Task GetAsync(HttpContext context, IBroker broker)
    {
        var debug = context.Request.Query["isDebug"].FirstOrDefault() == "true";
        var nodes = await broker.GetStateAsync(debug ? MaxNames : 0, context.RequestAborted);
        await SeedAnswer.SuccessAsync(context, new SeedObject
        {
            ["managerInfo"] = ManagerInfo(nodes, debug),
            ["numCPU"] = Environment.ProcessorCount,
            ["numGoroutine"] = nodes.Sum(static node => node.Actors),
            ["actors"] = nodes.Sum(static node => node.Actors),
            ["connections"] = nodes.Sum(static node => node.Connections),
            ["conversations"] = nodes.Sum(static node => node.Conversations),
            ["loggedIn"] = nodes.Sum(static node => node.LoggedIn),
            ["memory"] = Memory(nodes.Sum(static node => node.HeapBytes), nodes.Sum(static node => node.RssBytes)),
            ["nodes"] = nodes.Select(Node),
            ["sessions"] = nodes.Sum(static node => node.Sessions),
            ["threads"] = nodes.Sum(static node => node.Threads),
            ["users"] = nodes.Sum(static node => node.Users),
        });
    }

    private static SeedObject ManagerInfo(IReadOnlyList<NodeState> nodes, bool debug)
    {
        var info = new SeedObject
        {
            ["chanBroadcastLen"] = 0,
            ["chanLoginLen"] = 0,
            ["chanRegisterLen"] = 0,
            ["chanUnregisterLen"] = 0,
            ["clientsLen"] = nodes.Sum(static node => node.Connections),
            ["usersLen"] = nodes.Sum(static node => node.Users),
        };
        if (debug) AddNames(info, [.. nodes.Select(static node => node.Names).OfType<NodeNames>()]);
        return info;
    }

    private static void AddNames(SeedObject info, List<NodeNames> nodes)
    {
        var clients = nodes.SelectMany(static node => node.Clients).Take(MaxNames + 1).ToList();
        var users = nodes.SelectMany(static node => node.Users).Take(MaxNames + 1).ToList();
        info["clients"] = clients.Take(MaxNames);
        info["users"] = users.Take(MaxNames);
        if (nodes.Any(static node => node.Truncated) || clients.Count > MaxNames || users.Count > MaxNames) info["truncated"] = true;
    }

    private static SeedObject Node(NodeState node)
    {
        var byApp = new SeedObject();
        foreach (var (app, users) in node.UsersByApp) byApp[app] = users;
        return new SeedObject
        {
            ["actors"] = node.Actors,
            ["answered"] = node.Answered,
            ["connections"] = node.Connections,
            ["conversations"] = node.Conversations,
            ["loggedIn"] = node.LoggedIn,
            ["memory"] = Memory(node.HeapBytes, node.RssBytes),
            ["node"] = node.Node,
            ["numCPU"] = node.ProcessorCount,
            ["sessions"] = node.Sessions,
            ["threads"] = node.Threads,
            ["users"] = node.Users,
            ["usersByApp"] = byApp,
            ["version"] = node.Version,
        };
    }

    private static SeedObject Memory(long heapBytes, long rssBytes) => new() { ["heapBytes"] = heapBytes, ["rssBytes"] = rssBytes };
}
