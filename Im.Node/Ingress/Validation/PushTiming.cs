using Grpc.Core;
using Im.Actors.Edge;
using ProtoWaitFor = Im.Protocol.Ingress.V1.WaitFor;

namespace Im.Node.Ingress.Validation;

/// <summary>What a push waits for and how long.</summary>
internal static class PushTiming
{
    /// <summary>Left of a deadline for building and sending the answer, so that it says what was observed instead of failing.</summary>
    public static readonly TimeSpan AnswerMargin = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static TimeSpan Timeout(int timeoutMs, ServerCallContext context, TimeProvider time, Violations violations)
    {
        if (timeoutMs is < 0 or > IngressLimits.MaxTimeoutMs)
            violations.Add("timeoutMs", $"{timeoutMs}: give 1 to {IngressLimits.MaxTimeoutMs} ms, or leave it out for {IngressLimits.DefaultTimeoutMs}.");
        var asked = TimeSpan.FromMilliseconds(timeoutMs == 0 ? IngressLimits.DefaultTimeoutMs : timeoutMs);
        var left = context.Deadline - time.GetUtcNow().UtcDateTime - AnswerMargin;
        return left >= asked ? asked : left > Shortest ? left : Shortest;
    }

    /// <returns>Null: for ever.</returns>
    public static TimeSpan? TimeToLive(long ttlMs, bool stored, Violations violations)
    {
        if (ttlMs is < 0 or > IngressLimits.MaxTimeToLiveMs)
            violations.Add("ttlMs", $"{ttlMs}: give 1 to {IngressLimits.MaxTimeToLiveMs} ms, or leave it out for a push that stays.");
        else if (ttlMs > 0 && !stored)
            violations.Add("ttlMs", "a push with persist=false lives no longer than its call: leave it out.");
        return ttlMs is <= 0 or > IngressLimits.MaxTimeToLiveMs ? null : TimeSpan.FromMilliseconds(ttlMs);
    }

    /// <summary>Absent waits for STORED, or without storage for WRITTEN.</summary>
    /// <param name="stored">False when the push is kept nowhere.</param>
    public static WaitFor WaitFor(ProtoWaitFor asked, bool stored, Violations violations)
    {
        switch (asked)
        {
            case ProtoWaitFor.Unspecified: return stored ? Actors.Edge.WaitFor.Stored : Actors.Edge.WaitFor.Written;
            case ProtoWaitFor.Written: return Actors.Edge.WaitFor.Written;
            case ProtoWaitFor.Stored when stored: return Actors.Edge.WaitFor.Stored;
            case ProtoWaitFor.Acked when stored: return Actors.Edge.WaitFor.Acked;
            case ProtoWaitFor.Stored or ProtoWaitFor.Acked:
                violations.Add("waitFor", $"{asked.ToString().ToUpperInvariant()} is never reached with persist=false: give WRITTEN or leave it out.");
                break;
            default:
                violations.Add("waitFor", $"{(int)asked} is no such value: give STORED, WRITTEN or ACKED, or leave it out.");
                break;
        }

        return Actors.Edge.WaitFor.Written;
    }
}
