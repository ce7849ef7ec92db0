namespace Im.Node.Security;

/// <summary>What the checks of host, origin and proxy need to know of the node's configuration.</summary>
internal sealed record SecuritySettings
{
    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>What pages connect to, when it is not the WebSocket port of the host they came from.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The name other nodes know this one by.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>Exact origins, <c>scheme://host[:port]</c>, of other sites whose pages may open a WebSocket.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Exact origins of sites whose pages may show the chat page in a frame.</summary>
    public IReadOnlyList<string> EmbeddingOrigins { get; init; } = [];

    /// <summary>Refuse WebSocket requests without Origin, which come from programs and not from browsers.</summary>
    public bool RequireOrigin { get; init; }

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) whose X-Forwarded-For and X-Forwarded-Proto are believed.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];
}
