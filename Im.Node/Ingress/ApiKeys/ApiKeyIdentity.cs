namespace Im.Node.Ingress.ApiKeys;

/// <summary>Whose key it is and what it may do.</summary>
internal sealed record ApiKeyIdentity(string Id, IReadOnlyList<string> Scopes);
