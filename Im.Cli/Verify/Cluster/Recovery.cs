using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Cluster;

/// <summary>What users saw of one fault, from their calls and their devices.</summary>
/// <param name="SendMedianMs">Each user's longest wait for an answer to a send of that time: the median of the users.</param>
/// <param name="SendMaxMs">The longest of all.</param>
/// <param name="AfterHealMs">The longest from the heal until the answer.</param>
/// <param name="Untouched">Share of users whose sends were all answered within a second.</param>
/// <param name="DeliveryMaxMs">From the call of a message until the last device that reads had it, the longest.</param>
/// <param name="ReadyMs">From the heal until all nodes were ready.</param>
internal sealed record Recovery(
    FaultWindow Window, long SendMedianMs, long SendMaxMs, long AfterHealMs, double Untouched, long DeliveryMaxMs, long ReadyMs, int Sends, IReadOnlyList<string> Over)
{
    /// <summary>Calls that begun shortly before a fault wait because of it too.</summary>
    private const long BeforeMs = 1000;

    private const long UntouchedMs = 1000;

    public static IReadOnlyList<Recovery> Of(IReadOnlyList<FaultWindow> windows, FactBook book, IEnumerable<DeviceFacts> devices)
    {
        var sent = book.Sent.Where(fact => fact is { Command: "msg", IsRepeat: false, IsProbe: false, Outcome: not Outcome.Open }).ToList();
        var lastMs = LastDeliveries(devices);
        return [.. windows.Select(window => Of(window, sent, lastMs))];
    }

    private static Recovery Of(FaultWindow window, List<SentFact> all, Dictionary<(string, long), long> lastMs)
    {
        var sent = all.Where(fact => fact.BegunMs >= window.BegunMs - BeforeMs && fact.BegunMs <= window.EndedMs && fact.AnsweredMs >= window.BegunMs).ToList();
        var waits = sent.GroupBy(fact => fact.User).Select(user => user.Max(fact => fact.AnsweredMs - fact.BegunMs)).Order().ToList();
        var deliveries = sent.Where(fact => fact.Outcome == Outcome.Acked && lastMs.ContainsKey((fact.Conversation, fact.Mseq)))
            .Select(fact => lastMs[(fact.Conversation, fact.Mseq)] - fact.BegunMs);
        var recovery = new Recovery(
            window,
            waits.Count == 0 ? 0 : waits[waits.Count / 2],
            waits.LastOrDefault(),
            sent.Select(fact => Math.Max(0, fact.AnsweredMs - Math.Max(fact.BegunMs, window.HealedMs))).DefaultIfEmpty().Max(),
            waits.Count == 0 ? 1 : (double)waits.Count(wait => wait <= UntouchedMs) / waits.Count,
            deliveries.DefaultIfEmpty().Max(),
            Math.Max(0, window.ReadyMs - window.HealedMs),
            sent.Count,
            []);
        return recovery with { Over = [.. recovery.OverOf(FaultLimits.Of(window.Fault))] };
    }

    private IEnumerable<string> OverOf(FaultLimits limits)
    {
        foreach (var (name, value, limit) in new[] { ("median", SendMedianMs, limits.Median), ("max", SendMaxMs, limits.Max), ("after heal", AfterHealMs, limits.AfterHeal), ("ready", ReadyMs, limits.Ready) })
        {
            if (limit is { } bound && value > bound.TotalMilliseconds) yield return name;
        }
    }

    /// <summary>When the last device that was never slow or away on purpose applied each record.</summary>
    private static Dictionary<(string, long), long> LastDeliveries(IEnumerable<DeviceFacts> devices)
    {
        var last = new Dictionary<(string, long), long>();
        foreach (var device in devices.Where(device => device.Broken.Count == 0))
        {
            foreach (var (conversation, copy) in device.Copies.Where(entry => !entry.Value.IsLeft))
            {
                foreach (var applied in copy.Applied)
                {
                    var key = (conversation, applied.Mseq);
                    last[key] = Math.Max(applied.AtMs, last.GetValueOrDefault(key));
                }
            }
        }
        return last;
    }
}
