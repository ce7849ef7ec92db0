using Im.Protocol.Names;

namespace Im.Actors.Conversations.Store;

/// <summary>
/// Where conversations are kept. Every member may be called from any thread. Reads never throw for a failing store: they say so
/// in their outcome, or answer null where noted. Nothing here is called while an actor's thread waits.
/// </summary>
public interface IMessageStore
{
    /// <summary>Identity of this store's history: new when it is created, restored, or bumped. The epoch of new conversations.</summary>
    string Generation { get; }

    /// <summary>
    /// Since when this node has had the store without a break, in Unix milliseconds: it was opened then, or came back. Only before that can it have been
    /// put back to an older state.
    /// </summary>
    long SeenSinceMs { get; }

    /// <summary>False while the circuit breaker is open; appends are then refused with Unavailable at once.</summary>
    bool IsAvailable { get; }

    /// <summary>
    /// Queues a part for the next group commit and answers to its ReplyTo. Never blocks; when the queue is full
    /// (see StorageOptions) the answer is Unavailable.
    /// </summary>
    void Append(AppendPart part);

    /// <summary>The row and its members. <c>Row</c> is null when there is no such conversation; <c>IsAvailable</c> false says nothing about it.</summary>
    /// <param name="locked">Take the row's lock first, in a new transaction: after an append with unknown outcome, no older transaction can commit behind it.</param>
    Task<(bool IsAvailable, ConversationRow? Row)> LoadAsync(ConversationKey conversation, bool locked, CancellationToken cancellation = default);

    /// <summary>The stored cids among those asked for.</summary>
    Task<(bool IsAvailable, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found)> FindCidsAsync(
        ConversationKey conversation, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation = default);

    Task<HistoryPage> ReadAsync(HistoryQuery query, CancellationToken cancellation = default);

    Task<SyncPage> SyncAsync(SyncQuery query, CancellationToken cancellation = default);

    /// <summary>The user's own conversations, most recently active first, after the one named.</summary>
    /// <param name="after">A conversation id of an earlier page, or null.</param>
    Task<SyncPage> ListAsync(AppId app, string user, int limit, string? after, CancellationToken cancellation = default);

    /// <summary>Heads with a change number above <paramref name="afterChange"/>, or changed since <paramref name="sinceMs"/>; ascending by change, at most <paramref name="limit"/>. Null when unavailable. A page that is full goes on after its last change, with <paramref name="sinceMs"/> at its maximum.</summary>
    Task<IReadOnlyList<ChangedHead>?> ReadChangedAsync(long afterChange, long sinceMs, int limit, CancellationToken cancellation = default);

    /// <summary>Heads of these conversations; those that do not exist are left out. Null when unavailable.</summary>
    Task<IReadOnlyList<ChangedHead>?> ReadHeadsAsync(AppId app, IReadOnlyCollection<string> conversations, CancellationToken cancellation = default);

    /// <summary>Cursors move at the latest one second later, the higher value wins; what was skipped is written no later than the mark that goes beyond it. Never blocks; many moves of one device become one.</summary>
    /// <returns>The highest read mark of the user among what is still on its way to the store; what is stored may be higher. 0 without a read mark.</returns>
    long Move(CursorMove move);

    /// <summary>The highest read mark per user (members of the conversation), and delivered per user over devices. Null when unavailable.</summary>
    Task<IReadOnlyDictionary<string, (long Delivered, long Read)>?> ReadMarksAsync(ConversationKey conversation, CancellationToken cancellation = default);

    /// <summary>The delivery row of a push; null when there is none (or the store is unavailable).</summary>
    Task<DeliveryRow?> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation = default);

    /// <summary>The epoch of one conversation changes now (a cursor above the head was believed). True when this call changed it.</summary>
    Task<bool> ChangeEpochAsync(ConversationKey conversation, string from, string to, CancellationToken cancellation = default);

    /// <summary>Stored on the last detach of a user.</summary>
    void SaveLastSeen(AppId app, string user, long timestampMs);

    Task<IReadOnlyDictionary<string, long>?> ReadLastSeenAsync(AppId app, IReadOnlyCollection<string> users, CancellationToken cancellation = default);

    /// <summary>Stores a revocation and answers its number.</summary>
    /// <exception cref="StoreUnavailableException">It is not stored, or that is not known.</exception>
    Task<Revocation> RevokeAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation = default);

    /// <summary>Revocations above a number, ascending. Null when unavailable.</summary>
    Task<IReadOnlyList<Revocation>?> ReadRevocationsAsync(long afterNumber, CancellationToken cancellation = default);
}
