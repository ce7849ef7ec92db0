using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Cluster;

/// <summary>What users saw of one fault, from their calls and their devices, but for devices that stayed on a silent connection on purpose.</summary>
/// <param name="SendMedianMs">Each user's longest wait for an answer to a send of that time: the median of the users.</param>
/// <param name="SendMaxMs">The longest of all.</param>
/// <param name="AfterHealMs">The longest from the heal until the answer.</param>
/// <param name="Untouched">Share of users whose sends were all answered within a second.</param>
/// <param name="DeliveryMaxMs">From the call of a message until the last device that reads had it, the longest.</param>
/// <param name="BlindMedianMs">Each device's longest time without a connection: the median of the devices that lost theirs.</param>
/// <param name="BlindMaxMs">The longest of all.</param>
/// <param name="Closes">The close codes that clients were told, in order.</param>
/// <param name="ReadyMs">From the heal until all nodes were ready.</param>
/// <param name="Longest">Calls that waited long, the longest first.</param>
internal sealed record Recovery(
    FaultWindow Window, long SendMedianMs, long SendMaxMs, long AfterHealMs, double Untouched, long DeliveryMaxMs, long BlindMedianMs, long BlindMaxMs, IReadOnlyList<int> Closes, long ReadyMs, int Sends, IReadOnlyList<LongWait> Longest, IReadOnlyList<string> Over)
{
    /// <summary>Calls that begun shortly before a fault wait because of it too.</summary>
    private const long BeforeMs = 1000;

    private const long UntouchedMs = 1000;

    /// <summary>From the heal until the first acknowledgement after it; null when there was none.</summary>
    public long? FirstAckMs { get; init; }

    /// <summary>The longest that two connections of a user who may have one were online at once.</summary>
    public long OverlapMaxMs { get; init; }

    public static IReadOnlyList<Recovery> Of(IReadOnlyList<FaultWindow> windows, FactBook book, IEnumerable<DeviceFacts> devices)
    {
        var sent = book.Sent.Where(fact => fact is { Command: "msg", IsRepeat: false, IsProbe: false, Outcome: not Outcome.Open }).ToList();
        var all = devices.ToList();
        var lastMs = LastDeliveries(all);
        return [.. windows.Select(window => Of(window, sent, lastMs, all, book.StartedAt))];
    }

    private static Recovery Of(FaultWindow window, List<SentFact> all, Dictionary<(string, long), long> lastMs, List<DeviceFacts> devices, DateTimeOffset started)
    {
        var held = devices.Where(device => device.Held.Exists(at => at >= window.BegunMs && at <= window.EndedMs)).Select(device => device.Name).ToHashSet();
        devices = [.. devices.Where(device => !held.Contains(device.Name))];
        all = [.. all.Where(fact => !held.Contains(fact.Device))];
        var away = devices.Where(device => !device.IsSlow).Select(device => device.Away.Where(time => time.ToMs >= window.BegunMs && time.FromMs <= window.EndedMs).ToList()).Where(times => times.Count > 0).ToList();
        var blind = away.Select(times => times.Max(time => time.ToMs - time.FromMs)).Order().ToList();
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
            blind.Count == 0 ? 0 : blind[blind.Count / 2],
            blind.LastOrDefault(),
            [.. away.SelectMany(times => times).Select(time => time.CloseCode).OfType<int>().Distinct().Order()],
            Math.Max(0, window.ReadyMs - window.HealedMs),
            sent.Count,
            LongWait.Of(sent, started),
            [])
        {
            FirstAckMs = all.Where(fact => fact.Outcome == Outcome.Acked && fact.AnsweredMs >= window.HealedMs).Min(fact => (long?)(fact.AnsweredMs - window.HealedMs)),
        };
        return recovery with { Over = [.. recovery.OverOf(FaultLimits.Of(window.Fault))] };
    }

    private IEnumerable<string> OverOf(FaultLimits limits)
    {
        foreach (var (name, value, limit) in new[] { ("median", SendMedianMs, limits.Median), ("max", SendMaxMs, limits.Max), ("after heal", AfterHealMs, limits.AfterHeal), ("ready", ReadyMs, limits.Ready) })
        {
            if (limit is { } bound && value > bound.TotalMilliseconds) yield return name;
        }

        if (limits.FirstAck is { } firstAck && (FirstAckMs ?? long.MaxValue) > firstAck.TotalMilliseconds) yield return "first acknowledgement";
        if (limits.Drained is not { } drained) yield break;
        if (BlindMedianMs > drained.Median.TotalMilliseconds) yield return "blind median";
        if (BlindMaxMs > drained.Max.TotalMilliseconds) yield return "blind max";
        foreach (var code in Closes.Except(drained.Closes)) yield return $"close {code}";
    }

    /// <summary>When the last device that was never slow or away on purpose applied each record.</summary>
    private static Dictionary<(string, long), long> LastDeliveries(IEnumerable<DeviceFacts> devices)
    {
        var last = new Dictionary<(string, long), long>();
        foreach (var device in devices.Where(device => device is { Broken.Count: 0, IsSlow: false }))
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
