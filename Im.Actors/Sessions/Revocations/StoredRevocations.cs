using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Actors.Sessions.Revocations;

/// <summary>Stores a revocation, then tells every node to look at once; a node that misses the hint looks by itself.</summary>
internal sealed class StoredRevocations(IMessageStore store, IActorRef mediator, TimeProvider time) : IRevocations
{
    public Task<Revocation> RevokeUserAsync(AppId app, UserId user, DateTimeOffset issuedBefore, CancellationToken cancellation = default) =>
        StoreAsync(app, user.Value, null, Math.Max(1, issuedBefore.ToUnixTimeMilliseconds()), cancellation);

    public Task<Revocation> RevokeTokenAsync(AppId app, string tokenId, DateTimeOffset? endsAt = null, CancellationToken cancellation = default) =>
        StoreAsync(app, null, tokenId, Math.Max(time.GetUtcNow().ToUnixTimeMilliseconds(), (endsAt ?? DateTimeOffset.MaxValue).ToUnixTimeMilliseconds()), cancellation);

    public Task<Revocation> LiftAsync(AppId app, UserId user, CancellationToken cancellation = default) =>
        StoreAsync(app, user.Value, null, 0, cancellation);

    private async Task<Revocation> StoreAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation)
    {
        var revocation = await store.RevokeAsync(app, user, tokenId, beforeMs, cancellation).ConfigureAwait(false);
        mediator.Tell(new Publish(RevocationActor.Topic, new RevocationActor.Hint(revocation.Number)));
        return revocation;
    }
}
