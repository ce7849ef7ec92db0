using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Cluster;

/// <summary>A call that waited long for its answer: what to look for in the nodes' logs.</summary>
/// <param name="From">The wall clock at the call.</param>
internal sealed record LongWait(string Device, string Conversation, string Cid, DateTimeOffset From, long Ms, Outcome Outcome)
{
    /// <summary>Shown of each fault.</summary>
    private const int MaxCount = 3;

    /// <summary>Shorter ones explain nothing.</summary>
    private const long LeastMs = 3_000;

    /// <summary>The longest of different conversations, the longest first.</summary>
    public static IReadOnlyList<LongWait> Of(IEnumerable<SentFact> sent, DateTimeOffset started) =>
        [.. sent.Select(fact => new LongWait(fact.Device, fact.Conversation, fact.Cid, started.AddMilliseconds(fact.BegunMs), fact.AnsweredMs - fact.BegunMs, fact.Outcome))
            .Where(wait => wait.Ms >= LeastMs).OrderByDescending(wait => wait.Ms).DistinctBy(wait => wait.Conversation).Take(MaxCount)];
}
