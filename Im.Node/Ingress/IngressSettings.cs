using Im.Node.Ingress.ApiKeys;

namespace Im.Node.Ingress;

/// <summary>What the server API needs to know of the node's options and secrets.</summary>
internal sealed record IngressSettings
{
    /// <summary>The apps (tenants) that are configured; any other is NOT_FOUND.</summary>
    public required IReadOnlySet<uint> Apps { get; init; }

    public required IReadOnlyList<ApiKeyEntry> ApiKeys { get; init; }
}
