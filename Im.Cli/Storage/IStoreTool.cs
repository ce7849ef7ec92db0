namespace Im.Cli.Storage;

/// <summary>What an operator does to a store from outside of a node. Failures are <see cref="StoreException"/>s.</summary>
internal interface IStoreTool
{
    /// <summary>Copies the store into a new file while the node runs.</summary>
    Task<string> BackUpAsync(string file, CancellationToken cancellation);

    /// <summary>Puts a backup in the place of the store and begins a new generation.</summary>
    Task<string> RestoreAsync(string file, CancellationToken cancellation);

    /// <summary>Begins a new generation: clients take nothing that they know for granted.</summary>
    Task<string> BumpEpochAsync(CancellationToken cancellation);
}
