using System.Text.Json;

namespace Im.Client.Transport;

/// <summary>Hears what happens on a socket, one thing at a time.</summary>
internal interface ISocketListener
{
    /// <param name="token">The token to log in with; null for a guest.</param>
    ValueTask OnOpenedAsync(SocketConnection connection, string? token);

    ValueTask OnConnectFailedAsync(SocketConnection connection, string reason);

    ValueTask OnMessageAsync(SocketConnection connection, JsonElement message);

    ValueTask OnClosedAsync(SocketConnection connection, int code, string? reason);

    /// <summary>Completes when the application has room for more records.</summary>
    ValueTask WaitUntilWantedAsync(CancellationToken cancellation);
}
