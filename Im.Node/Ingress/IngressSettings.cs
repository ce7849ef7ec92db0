using Im.Node.Configuration;
using Im.Node.Ingress.ApiKeys;

namespace Im.Node.Ingress;

/// <summary>What the server API needs to know of the node's options and secrets.</summary>
internal sealed record IngressSettings
{
    /// <summary>Id of the key in <c>secrets.json</c>.</summary>
    public const string DefaultKeyId = "default";

    /// <summary>The apps (tenants) that are configured; any other is NOT_FOUND.</summary>
    public required IReadOnlySet<uint> Apps { get; init; }

    public required IReadOnlyList<ApiKeyEntry> ApiKeys { get; init; }

    /// <summary>Largest <c>msg</c>, in bytes of UTF-8: the same as for clients.</summary>
    public int MaxTextBytes { get; init; } = 16 * 1024;

    public static IngressSettings From(ImOptions options, NodeSecrets secrets) => new()
    {
        Apps = options.Apps.ToHashSet(),
        MaxTextBytes = options.WebSocket.TextMaxBytes,
        ApiKeys =
        [
            ApiKeyEntry.OfKey(DefaultKeyId, secrets.ApiKey, ApiKeyScopes.All),
            .. options.Ingress.ApiKeys.Select(key => ApiKeyEntry.OfHash(key.Id, key.Hash, key.Scopes)),
        ],
    };
}
