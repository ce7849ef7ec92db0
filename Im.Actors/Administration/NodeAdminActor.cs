using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Telemetry;

namespace Im.Actors.Administration;

/// <summary>What the NodeAdminActor reports of its node.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="StartedAt">A timestamp of <paramref name="Time"/>.</param>
/// <param name="Regions">By what they hold, as <c>session</c>.</param>
internal sealed record NodeFacts(string Node, long StartedAt, TimeProvider Time, INodeGauges Gauges, IReadOnlyDictionary<string, IActorRef> Regions)
{
    /// <summary>Shorter than an operator's edge waits; a region that hands its shards over may not answer.</summary>
    public TimeSpan RegionTimeout { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>One per node: tells operators, on whichever node they ask, how this one is, and drains it when one of them says so.</summary>
internal sealed class NodeAdminActor : UntypedActor
{
    public const string Name = "im-admin";

    public static Props Create(NodeFacts facts, INodeControl control) => Props.Create(() => new NodeAdminActor(facts, control));

    private readonly NodeFacts _facts;
    private readonly INodeControl _control;

    public NodeAdminActor(NodeFacts facts, INodeControl control)
    {
        _facts = facts;
        _control = control;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AdminQueries.GetReport: OnGetReport(); break;
            case AdminCommands.Drain drain: Sender.Tell(new AdminAnswers.Draining(_control.BeginDrain(drain.Restart))); break;
            default: Unhandled(message); break;
        }
    }

    private void OnGetReport() =>
        Task.WhenAll(_facts.Regions.Select(region => CountAsync(region.Key, region.Value)))
            .PipeTo(Sender, Self, shards => new AdminAnswers.Report(Report(shards.OfType<KeyValuePair<string, int>>())));

    private NodeReport Report(IEnumerable<KeyValuePair<string, int>> shards) => new(
        _facts.Node,
        _facts.Time.GetElapsedTime(_facts.StartedAt),
        _control.Condition,
        _facts.Gauges.Connections,
        _facts.Gauges.LoggedIn,
        _facts.Gauges.Sessions,
        _facts.Gauges.Conversations,
        new Dictionary<string, int>(shards));

    private async Task<KeyValuePair<string, int>?> CountAsync(string name, IActorRef region)
    {
        try
        {
            var stats = await region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, _facts.RegionTimeout).ConfigureAwait(false);
            return KeyValuePair.Create(name, stats.Stats.Count);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
