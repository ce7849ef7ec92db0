namespace Im.Client;

/// <summary>Keeps nothing beyond the object: give the same instance to the next client of the same device to go on where the last one ended.</summary>
public sealed class MemoryClientStore : IImClientStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ImCursor> _cursors = [];
    private readonly OrderedDictionary<string, ImQueuedCommand> _queue = [];

    /// <inheritdoc/>
    public ValueTask<ImClientSnapshot> LoadAsync(CancellationToken cancellation) => ValueTask.FromResult(Snapshot());

    /// <inheritdoc/>
    public void SaveCursor(string conversation, ImCursor cursor)
    {
        lock (_lock) _cursors[conversation] = cursor;
    }

    /// <inheritdoc/>
    public void RemoveCursor(string conversation)
    {
        lock (_lock) _cursors.Remove(conversation);
    }

    /// <inheritdoc/>
    public void SaveQueued(ImQueuedCommand command)
    {
        lock (_lock) _queue[command.Cid] = command;
    }

    /// <inheritdoc/>
    public void RemoveQueued(string cid)
    {
        lock (_lock) _queue.Remove(cid);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>A copy of what it holds now.</summary>
    public ImClientSnapshot Snapshot()
    {
        lock (_lock) return new ImClientSnapshot(new Dictionary<string, ImCursor>(_cursors), [.. _queue.Values]);
    }
}
