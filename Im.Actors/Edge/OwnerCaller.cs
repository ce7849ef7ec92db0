using Akka.Actor;

namespace Im.Actors.Edge;

/// <summary>The edges' way to the conversations' owners and the users' sessions.</summary>
/// <param name="calls">The node's OwnerCallsActor.</param>
internal sealed class OwnerCaller(IActorRef calls, TimeProvider time)
{
    /// <param name="region">Of the entity that is asked.</param>
    /// <param name="command">Makes an attempt from where it is answered to, and the tag that comes back with the answer.</param>
    /// <param name="hasCid">It may be asked again although an attempt may have come through.</param>
    /// <returns>See <see cref="OwnerCall.Task"/>.</returns>
    public Task<object> AskAsync(IActorRef region, Func<IActorRef, long, object> command, bool hasCid, TimeSpan timeout, CancellationToken cancellation)
    {
        var call = new OwnerCall(region, command, hasCid, timeout, time, cancellation);
        calls.Tell(call, ActorRefs.NoSender);
        return call.Task;
    }
}
