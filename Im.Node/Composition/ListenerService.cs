using Im.Node.Health;
using Im.Node.Security;
using Im.Node.Sockets;

namespace Im.Node.Composition;

/// <summary>Opens the WebSocket port once the actors are there.</summary>
internal sealed class ListenerService(WebSocketListener listener, BoundPorts ports, NodeReadiness readiness) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        ports.WebSocket = listener.EndPoint!.Port;
        readiness.Ready(NodePart.Listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => listener.StopAcceptingAsync();
}
