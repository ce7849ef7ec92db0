namespace Im.Node.Sockets;

/// <summary>Decides which pages may open a socket (rules.md §10). Called for every upgrade, from any thread.</summary>
internal interface IOriginPolicy
{
    /// <param name="origin">The Origin field as sent; null when the client sent none, as native clients do.</param>
    /// <param name="host">The authority that the client asked for; not checked against anything yet.</param>
    bool Allows(string? origin, string? host);
}
