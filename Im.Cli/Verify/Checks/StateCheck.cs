using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Checks;

/// <summary>A delivery state is what happened: STORED and more means that the log has it, ACKED that the device got it.</summary>
internal static class StateCheck
{
    public static IEnumerable<Violation> Find(RunFacts facts)
    {
        var devices = facts.Devices.ToDictionary(device => device.Name);
        foreach (var push in facts.Pushes)
        {
            var log = facts.Log(push.Conversation);
            foreach (var state in push.States)
            {
                if (state.State is "STORED" or "ACKED" && push.Mseq >= (log?.First ?? 0) && log?.Find(push.Mseq)?.Mid != push.Mid)
                    yield return new Violation(ViolationKind.FalseState, push.Conversation, push.Mseq, $"push {push.Mid} was told {state.State}, and the log does not have it at {push.Mseq}");
                if (state.State != "ACKED" || state.Device.Length == 0) continue;
                if (!devices.TryGetValue(state.Device, out var device) || !Got(device, push))
                    yield return new Violation(ViolationKind.FalseState, push.Conversation, push.Mseq, $"push {push.Mid} was told ACKED by {state.Device}, which never got it");
            }
        }
    }

    private static bool Got(DeviceFacts device, PushFact push) =>
        device.Copies.TryGetValue(push.Conversation, out var copy) && copy.Applied.Exists(applied => applied.Mseq == push.Mseq && applied.Mid == push.Mid);
}
