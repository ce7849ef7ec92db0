using Akka.Actor;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol;

namespace Im.Actors.Edge;

/// <summary>
/// Asks conversations' owners and users' sessions for the edges of this node, until each call is answered for good or its time is up. Who was refused for now asks
/// again; who got no answer only with a cid, which makes that harmless. One actor for all calls, so that a call costs no actor and no timer of its own.
/// </summary>
/// <remarks>Bound: the calls are the edges' open ones, each of which ends by its time-out.</remarks>
internal sealed class OwnerCallsActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(25);

    public static Props Create(TimeProvider time) => Props.Create(() => new OwnerCallsActor(time)).WithDispatcher("im.lane-dispatcher");

    private sealed record Sweep : ILocalMessage
    {
        public static readonly Sweep Instance = new();
    }

    private readonly TimeProvider _time;
    private readonly Dictionary<long, OwnerCall> _calls = [];
    private long _tag;

    public OwnerCallsActor(TimeProvider time) => _time = time;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Sweep), Sweep.Instance, SweepInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OwnerCall call: OnCall(call); break;
            case ConversationEvents.Posted posted: OnAnswer(posted.Tag, posted); break;
            case ConversationEvents.PostRefused refused: OnAnswer(refused.Tag, refused); break;
            case ConversationEvents.GroupAnswered answered: OnAnswer(answered.Tag, answered); break;
            case ConversationEvents.Claimed claimed: OnAnswer(claimed.Tag, claimed); break;
            case SessionEvents.Kicked kicked: OnAnswer(kicked.Tag, kicked); break;
            case Sweep: OnSweep(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnCall(OwnerCall call)
    {
        _calls[++_tag] = call;
        Ask(_tag, call);
    }

    private void OnAnswer(long tag, object answer)
    {
        if (!_calls.TryGetValue(tag, out var call)) return;
        if (answer is ConversationEvents.PostRefused { Code: var code } && code.IsTemporary()) End(tag, call.Refused(code == ReplyCode.OutcomeUnknown, _time.GetTimestamp()), call);
        else End(tag, answer, call);
    }

    private void OnSweep()
    {
        var now = _time.GetTimestamp();
        foreach (var (tag, call) in _calls)
        {
            if (call.IsGivenUp) _calls.Remove(tag);
            else if (call.IsDue(now)) Ask(tag, call);
            else if (call.IsOverdue(now)) End(tag, call.Refused(isUnsure: true, now), call);
        }
    }

    private void Ask(long tag, OwnerCall call) => call.Region.Tell(call.Attempt(Self, tag, _time.GetTimestamp()), Self);

    /// <param name="result">Null: it is asked again.</param>
    private void End(long tag, object? result, OwnerCall call)
    {
        if (result is null) return;
        _calls.Remove(tag);
        call.Complete(result);
    }
}
