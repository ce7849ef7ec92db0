using Akka.Actor;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Protocol;

namespace Im.Actors.Edge;

/// <summary>One call to a conversation's owner or a user's session. Its attempts are the OwnerCallsActor's alone; the caller awaits <see cref="Task"/>.</summary>
/// <param name="region">Of the entity that is asked.</param>
/// <param name="command">Makes an attempt from where it is answered to, and its tag.</param>
/// <param name="hasCid">It may be asked again although an attempt may have come through.</param>
internal sealed class OwnerCall(IActorRef region, Func<IActorRef, long, object> command, bool hasCid, TimeSpan timeout, TimeProvider time, CancellationToken cancellation) : ILocalMessage
{
    /// <summary>Longer than the store's slowest commit; an owner that has moved to another node is found again by then.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<object> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _pause = FirstPause;
    private TimeSpan _wait;         // from _since until the next attempt; zero while an attempt is under way
    private TimeSpan _patience;     // of the attempt that is under way
    private long _since;
    private bool _isUnsure;

    /// <summary>
    /// The owner's answer. When there was none that lasts, a PostRefused: Overloaded when surely nothing was done,
    /// OutcomeUnknown when an attempt may have come through.
    /// </summary>
    public Task<object> Task => _completion.Task.WaitAsync(cancellation);

    public IActorRef Region => region;

    public bool IsGivenUp => cancellation.IsCancellationRequested;

    public object Attempt(IActorRef replyTo, long tag, long now)
    {
        var left = timeout - time.GetElapsedTime(_started, now);
        _patience = hasCid && left > AttemptTimeout ? AttemptTimeout : left;
        _wait = TimeSpan.Zero;
        _since = now;
        return command(replyTo, tag);
    }

    public bool IsDue(long now) => _wait > TimeSpan.Zero && time.GetElapsedTime(_since, now) >= _wait;

    public bool IsOverdue(long now) => _wait == TimeSpan.Zero && time.GetElapsedTime(_since, now) >= _patience;

    /// <param name="isUnsure">The attempt may have come through.</param>
    /// <returns>The call's end, or null: it is due again after a pause.</returns>
    public object? Refused(bool isUnsure, long now)
    {
        _isUnsure |= isUnsure;

        // Between half and all of it, so that callers who were refused together do not come back together.
        _wait = _pause * (0.5 + (Random.Shared.NextDouble() / 2));
        _since = now;
        var left = timeout - time.GetElapsedTime(_started, now) - _wait;
        if (left <= TimeSpan.Zero || (_isUnsure && !hasCid)) return new ConversationEvents.PostRefused(0, _isUnsure ? ReplyCode.OutcomeUnknown : ReplyCode.Overloaded);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        return null;
    }

    public void Complete(object result) => _completion.TrySetResult(result);
}
