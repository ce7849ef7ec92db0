using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>
/// A delivery state is what had happened when it was told: STORED and more means that the log has it, ACKED that the device, or one of the user's, had it
/// by then.
/// </summary>
internal static class StateCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var devices = facts.Devices.ToLookup(device => device.User);
        foreach (var push in facts.Pushes)
        {
            var log = facts.Log(push.Conversation);
            foreach (var state in push.States)
            {
                if (state.State is "STORED" or "WRITTEN" or "ACKED" && (log is null || (push.Mseq >= log.First && log.Find(push.Mseq)?.Mid != push.Mid)))
                    yield return new Violation(ViolationKind.FalseState, push.Conversation, push.Mseq, $"push {push.Mid} was told {state.State}, and the log does not have it at {push.Mseq}");
                if (state.State != "ACKED") continue;
                if (!devices[push.User].Any(device => (state.Device.Length == 0 || device.Name == state.Device) && Had(device, push)))
                    yield return new Violation(ViolationKind.FalseState, push.Conversation, push.Mseq, $"push {push.Mid} was told ACKED by {(state.Device.Length == 0 ? push.User : state.Device)} at {push.AtMs} ms, which had not got it");
            }
        }
    }

    private static bool Had(DeviceFacts device, PushFact push) =>
        device.Copies.TryGetValue(push.Conversation, out var copy) && copy.Applied.Exists(applied => applied.Mseq == push.Mseq && applied.Mid == push.Mid && applied.AtMs <= push.AtMs);
}
