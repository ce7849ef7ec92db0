using Google.Protobuf;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;

namespace Im.Client.Push;

/// <summary>
/// For back ends: pushes, presence and sessions over HTTP <c>/api/v1</c>. Requests and answers are those of the protos, which say what each field
/// means. A push without an idempotency key gets one, and temporary failures are repeated with the same key, so that a push is never sent twice.
/// </summary>
/// <remarks>Safe for concurrent use; make one per node address.</remarks>
public sealed class ImPushClient : IDisposable
{
    private readonly PushTransport _transport;
    private readonly HttpClient? _owned;

    /// <summary>A client with an <see cref="HttpClient"/> of its own.</summary>
    public ImPushClient(ImPushClientOptions options)
        : this(new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }), options)
    {
        _owned = _transport.Http;
    }

    /// <summary>A client over one that the caller owns.</summary>
    /// <exception cref="ArgumentException">No address is given.</exception>
    public ImPushClient(HttpClient http, ImPushClientOptions options) => _transport = new PushTransport(http, options, TimeProvider.System);

    /// <summary>Pushes to every device of one user.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<PushToUserResponse> PushToUserAsync(PushToUserRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        body.IdempotencyKey = Key(request.IdempotencyKey);
        (body.App, body.User) = (0, "");
        return PostAsync<PushToUserResponse>(App(request.App) + $"/users/{Escape(request.User)}:push", body, true, cancellation);
    }

    /// <summary>Pushes one message to up to 1,000 users.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<PushToUsersResponse> PushToUsersAsync(PushToUsersRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        body.IdempotencyKey = Key(request.IdempotencyKey);
        body.App = 0;
        return PostAsync<PushToUsersResponse>(App(request.App) + "/users:push", body, true, cancellation);
    }

    /// <summary>Pushes to everyone in a conversation.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<PushToConversationResponse> PushToConversationAsync(PushToConversationRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        body.IdempotencyKey = Key(request.IdempotencyKey);
        (body.App, body.Conv) = (0, "");
        return PostAsync<PushToConversationResponse>(App(request.App) + $"/conversations/{Escape(request.Conv)}:push", body, true, cancellation);
    }

    /// <summary>Pushes to every connection of an app. It has no key: repeated only when the server said that nothing was sent.</summary>
    /// <exception cref="ImPushException">Refused, or not answered.</exception>
    public Task<BroadcastResponse> BroadcastAsync(BroadcastRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        body.App = 0;
        return PostAsync<BroadcastResponse>(App(request.App) + ":broadcast", body, false, cancellation);
    }

    /// <summary>Who of up to 1,000 users is online.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<QueryOnlineResponse> QueryOnlineAsync(QueryOnlineRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        body.App = 0;
        return PostAsync<QueryOnlineResponse>(App(request.App) + "/users:queryOnline", body, true, cancellation);
    }

    /// <summary>Closes a user's connections.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<KickResponse> KickAsync(KickRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        (body.App, body.User) = (0, "");
        return PostAsync<KickResponse>(App(request.App) + $"/users/{Escape(request.User)}:kick", body, true, cancellation);
    }

    /// <summary>Closes one connection.</summary>
    /// <exception cref="ImPushException">Refused, or not answered by any attempt.</exception>
    public Task<DisconnectResponse> DisconnectAsync(DisconnectRequest request, CancellationToken cancellation = default)
    {
        var body = request.Clone();
        (body.App, body.Connection) = (0, "");
        return PostAsync<DisconnectResponse>(App(request.App) + $"/connections/{Escape(request.Connection)}:disconnect", body, true, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _owned?.Dispose();

    private Task<T> PostAsync<T>(string path, IMessage body, bool isRepeatable, CancellationToken cancellation)
        where T : IMessage, new() => _transport.PostAsync<T>(path, body, isRepeatable, cancellation);

    private static string App(uint app) => $"/api/v1/apps/{app}";

    private static string Escape(string name) => Uri.EscapeDataString(name);

    private static string Key(string given) => given.Length > 0 ? given : Ulid.New(TimeProvider.System.GetUtcNow());
}
