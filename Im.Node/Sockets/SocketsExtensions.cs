using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Im.Node.Sockets;

internal static class SocketsExtensions
{
    /// <summary>
    /// Adds the <see cref="WebSocketListener"/>; whoever composes the node starts it when the actors are ready. Needs an
    /// <see cref="Actors.Connections.IConnectionHub"/> and an <see cref="IOriginPolicy"/>.
    /// </summary>
    public static IServiceCollection AddImSockets(this IServiceCollection services, Func<IServiceProvider, WebSocketListenerOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<WebSocketListener>();
        return services;
    }
}
