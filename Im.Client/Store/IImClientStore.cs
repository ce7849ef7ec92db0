namespace Im.Client;

/// <summary>Everything up to a number of an epoch was taken by the application.</summary>
/// <param name="Epoch">The conversation's epoch.</param>
/// <param name="Mseq">The number.</param>
public readonly record struct ImCursor(string Epoch, long Mseq);

/// <summary>A durable command that has no answer yet.</summary>
/// <param name="Cid">Its id, which makes a repetition harmless.</param>
/// <param name="Command">msg, edit, recall or group.</param>
/// <param name="Conversation">The conversation whose order it belongs to.</param>
/// <param name="Data">The command's data as JSON.</param>
/// <param name="FirstSentMs">Unix milliseconds of the first time that it went out, 0 for never. After 24 h it is not sent again: the server may have forgotten its cid.</param>
public sealed record ImQueuedCommand(string Cid, string Command, string Conversation, string Data, long FirstSentMs);

/// <summary>What a store kept.</summary>
/// <param name="Cursors">By conversation.</param>
/// <param name="Queue">In the order in which they were called.</param>
public sealed record ImClientSnapshot(IReadOnlyDictionary<string, ImCursor> Cursors, IReadOnlyList<ImQueuedCommand> Queue)
{
    /// <summary>Nothing.</summary>
    public static readonly ImClientSnapshot Empty = new(new Dictionary<string, ImCursor>(), []);
}

/// <summary>
/// Keeps what a client needs to go on after its process ended. One client uses one store. All members but <see cref="LoadAsync"/> and
/// <see cref="FlushAsync"/> are called in turn from the client's loop and must not block.
/// </summary>
public interface IImClientStore
{
    /// <summary>What was kept; called once, before the first connection.</summary>
    ValueTask<ImClientSnapshot> LoadAsync(CancellationToken cancellation);

    /// <summary>The application took everything up to this place.</summary>
    void SaveCursor(string conversation, ImCursor cursor);

    /// <summary>The conversation was left or can be read no more.</summary>
    void RemoveCursor(string conversation);

    /// <summary>Adds a command, or replaces the one with the same cid.</summary>
    void SaveQueued(ImQueuedCommand command);

    /// <summary>The command was answered.</summary>
    void RemoveQueued(string cid);

    /// <summary>Returns when everything said so far is kept.</summary>
    ValueTask FlushAsync(CancellationToken cancellation);
}
