using Akka.Actor;
using Im.Actors.Conversations;
using Im.Protocol;

namespace Im.Actors.Edge;

/// <summary>
/// Asks a conversation's owner until it is answered for good or the time is up. Who was refused for now asks again; who got no
/// answer only with a cid, which makes that harmless.
/// </summary>
internal sealed class OwnerCaller(IActorRef conversations, TimeProvider time)
{
    /// <summary>Longer than the store's slowest commit; an owner that has moved to another node is found again by then.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <param name="hasCid">It may be asked again although an attempt may have come through.</param>
    /// <returns>
    /// The owner's answer. When there was none that lasts, a PostRefused: Overloaded when surely nothing was done,
    /// OutcomeUnknown when an attempt may have come through.
    /// </returns>
    public async Task<object> AskAsync(Func<IActorRef, object> command, bool hasCid, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var left = timeout;
        var pause = FirstPause;
        var isUnsure = false;
        while (true)
        {
            var answer = await OnceAsync(command, hasCid && left > AttemptTimeout ? AttemptTimeout : left, cancellation).ConfigureAwait(false);
            var refused = answer as ConversationEvents.PostRefused;
            if (answer is not null && refused?.Code.IsTemporary() != true) return answer;
            isUnsure |= refused is null or { Code: ReplyCode.OutcomeUnknown };

            // Between half and all of it, so that callers who were refused together do not come back together.
            var wait = pause * (0.5 + (Random.Shared.NextDouble() / 2));
            left = timeout - time.GetElapsedTime(started) - wait;
            if (left <= TimeSpan.Zero || (isUnsure && !hasCid)) return new ConversationEvents.PostRefused(0, isUnsure ? ReplyCode.OutcomeUnknown : ReplyCode.Overloaded);
            await Task.Delay(wait, time, cancellation).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <returns>Null: no answer in time.</returns>
    private async Task<object?> OnceAsync(Func<IActorRef, object> command, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await conversations.Ask<object>(command, timeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
