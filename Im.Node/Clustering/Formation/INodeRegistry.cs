namespace Im.Node.Clustering.Formation;

/// <summary>
/// Which members are about, kept where all nodes look: the store they share. A node that reaches nobody on the network learns
/// here that others serve. Every call ends within seconds.
/// </summary>
internal interface INodeRegistry
{
    /// <summary>This member is about.</summary>
    /// <param name="address"><c>host:port</c>.</param>
    /// <returns>False when the store did not answer.</returns>
    Task<bool> TouchAsync(string address, CancellationToken cancellation);

    /// <summary>This address is no member: its process has just started, or leaves.</summary>
    Task<bool> RemoveAsync(string address, CancellationToken cancellation);

    /// <summary>Members seen within the last <paramref name="within"/>, by the store's clock; null when the store did not answer.</summary>
    Task<IReadOnlyList<string>?> ReadAsync(TimeSpan within, CancellationToken cancellation);
}
