namespace Im.Node.Sockets;

/// <summary>Says which web pages may open a WebSocket.</summary>
internal interface IOriginPolicy
{
    /// <param name="origin">The request's Origin header as sent; null when it has none.</param>
    /// <param name="host">The request's Host header as sent, unchecked.</param>
    bool Allows(string? origin, string? host);
}
