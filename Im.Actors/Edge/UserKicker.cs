using Akka.Actor;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>Closes a user's connections by way of the session, which is asked until it answers.</summary>
internal sealed class UserKicker(IActorRef sessions, OwnerCaller owners)
{
    public async Task<CloseResult> KickAsync(AppId app, UserId user, IReadOnlyList<string> platforms, string reason, TimeSpan timeout, CancellationToken cancellation)
    {
        var kick = new SessionCommands.Kick(new UserKey(app, user), platforms, reason);
        var attempts = 0;
        var answer = await owners.AskAsync(sessions, (_, tag) => Attempt(tag), hasCid: true, timeout, cancellation).ConfigureAwait(false);
        if (answer is not SessionEvents.Kicked kicked) return new CloseResult([], true);

        // An attempt whose answer was lost may have closed what the last one did not find any more.
        return new CloseResult([.. kicked.ConnectionIds.Select(ClosedConnection.Of)], kicked.IsPartial || attempts > 1);

        SessionCommands.Kick Attempt(long tag)
        {
            attempts++;
            return kick with { Tag = tag };
        }
    }
}
