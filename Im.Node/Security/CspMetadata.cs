namespace Im.Node.Security;

/// <summary>On an endpoint: it answers with this Content-Security-Policy in place of the node's own.</summary>
internal sealed record CspMetadata(string Policy);
