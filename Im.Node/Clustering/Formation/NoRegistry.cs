namespace Im.Node.Clustering.Formation;

/// <summary>Of a node that has its store to itself: there are no others.</summary>
internal sealed class NoRegistry : INodeRegistry
{
    public Task<bool> TouchAsync(string address, CancellationToken cancellation) => Task.FromResult(true);

    public Task<bool> RemoveAsync(string address, CancellationToken cancellation) => Task.FromResult(true);

    public Task<IReadOnlyList<string>?> ReadAsync(TimeSpan within, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>?>([]);
}
