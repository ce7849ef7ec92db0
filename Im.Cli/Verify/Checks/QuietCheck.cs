using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// At the end, when no fault happens and every device reads, a record reaches every device as a push and soon. Who gets it only by asking, or late, was
/// saved by the catch-up: something was not published.
/// </summary>
internal static class QuietCheck
{
    /// <summary>Below the 5 s after which a node looks for records that nobody published.</summary>
    public const long MaxDelayMs = 3000;

    /// <summary>A device whose connection was broken on purpose may get records so long after them or before.</summary>
    public const long BreakMs = 4000;

    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        if (facts.Quiet is not { } quiet) yield break;
        // Also of who just came back: behind the head of a login's or join's answer every record is a push.
        foreach (var gap in facts.Gaps.Where(gap => gap.AtMs >= quiet))
            yield return new Violation(ViolationKind.Late, gap.Conversation, gap.After + 1, $"{gap.Device} had to ask for {gap.After + 1}, which no push brought ({gap.AtMs} ms)");
        var probes = facts.Sent.Where(sent => sent is { IsProbe: true, Outcome: Outcome.Acked, IsRepeat: false }).ToLookup(sent => sent.Conversation);
        foreach (var device in facts.Devices)
        {
            foreach (var (conversation, copy) in device.Copies)
            {
                if (!probes.Contains(conversation)) continue;
                var applied = copy.Applied.ToLookup(record => record.Mseq);
                foreach (var probe in probes[conversation])
                {
                    if (applied[probe.Mseq].FirstOrDefault() is not { } got || got.AtMs - probe.AnsweredMs <= MaxDelayMs || IsBroken(device, probe.AnsweredMs)) continue;
                    yield return new Violation(ViolationKind.Late, conversation, probe.Mseq, $"{device.Name} got {probe.Mseq} {got.AtMs - probe.AnsweredMs} ms after it was acknowledged");
                }
            }
        }
    }

    private static bool IsBroken(DeviceFacts device, long atMs) => device.Broken.Exists(broken => Math.Abs(broken - atMs) < BreakMs);
}
