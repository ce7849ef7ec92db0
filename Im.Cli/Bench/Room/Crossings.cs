using Im.Cli.Bench.Targets;

namespace Im.Cli.Bench.Room;

/// <summary>How often what owners published came to other nodes, as those count it.</summary>
internal sealed class Crossings
{
    private const string Received = "im_topic_received_total";

    private readonly IReadOnlyList<HttpClient> _nodes;
    private readonly double _before;

    private Crossings(IReadOnlyList<HttpClient> nodes, double before)
    {
        _nodes = nodes;
        _before = before;
    }

    public static async Task<Crossings> BeginAsync(ITarget target, CancellationToken cancellation)
    {
        var nodes = target is NodeTarget { Https.Count: > 1 } several ? several.Https : [];
        return new Crossings(nodes, await NodeMetrics.SumAsync(nodes, Received, cancellation));
    }

    /// <summary>Since the beginning, of each broadcast to each node but its owner's; null where there is one node.</summary>
    public async Task<double?> ReadAsync(int broadcasts, CancellationToken cancellation) =>
        _nodes.Count < 2 || broadcasts == 0 ? null : (await NodeMetrics.SumAsync(_nodes, Received, cancellation) - _before) / broadcasts / (_nodes.Count - 1);
}
