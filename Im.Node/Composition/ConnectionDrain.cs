using Im.Actors;
using Im.Actors.Connections.Draining;
using Im.Node.Configuration;
using Im.Node.Lifetime;
using Im.Node.Sockets;
using Microsoft.Extensions.Options;

namespace Im.Node.Composition;

/// <summary>The node's part of a stop: no newcomers, then every connection answered, flushed and closed.</summary>
internal sealed class ConnectionDrain(ImActors actors, WebSocketListener listener, IOptions<ImOptions> options) : INodeDrain
{
    public async Task DrainAsync(CancellationToken cancellation)
    {
        await listener.StopAcceptingAsync().ConfigureAwait(false);
        var drain = options.Value.Drain;
        await actors.Hub.DrainAsync(new DrainPace(drain.Timeout, drain.ConnectionsPerSecond), cancellation).ConfigureAwait(false);
    }
}
