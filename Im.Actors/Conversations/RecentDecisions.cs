using System.Buffers.Binary;
using Im.Actors.Conversations.Store;

namespace Im.Actors.Conversations;

/// <param name="Held">What was answered when the request held already; null: it was refused.</param>
internal readonly record struct RecentDecision(LogDecision Decision, CidRow? Held);

/// <summary>
/// Requests that were answered for good without becoming a record: refused, or held already. A copy of one that its source sent before it had the answer comes
/// later, and must not be decided again by members that are others now. By sender, cid and content.
/// </summary>
/// <remarks>
/// In memory for <see cref="Retention"/>, longer than a source asks again and a copy is under way; at most <see cref="MaxCount"/>, then the oldest goes first,
/// and a copy of that is decided anew.
/// </remarks>
internal sealed class RecentDecisions(TimeProvider time)
{
    public const int MaxCount = 4_096;

    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Sender, string Cid, UInt128 Content), RecentDecision> _decisions = [];
    private readonly Queue<(long At, (string Sender, string Cid, UInt128 Content) Key)> _order = new();
    private long _lastAt;

    /// <summary>So long until all is forgotten.</summary>
    public TimeSpan Left
    {
        get
        {
            Expire();
            return _order.Count == 0 ? TimeSpan.Zero : Retention - time.GetElapsedTime(_lastAt);
        }
    }

    public bool TryGet((string Sender, string Cid) key, byte[] hash, out RecentDecision decision)
    {
        Expire();
        decision = default;
        return _decisions.Count > 0 && _decisions.TryGetValue(Key(key, hash), out decision);
    }

    public void Add((string Sender, string Cid) key, byte[] hash, RecentDecision decision)
    {
        if (!_decisions.TryAdd(Key(key, hash), decision)) return;
        _lastAt = time.GetTimestamp();
        _order.Enqueue((_lastAt, Key(key, hash)));
        Expire();
    }

    private void Expire()
    {
        while (_order.TryPeek(out var oldest) && (_order.Count > MaxCount || time.GetElapsedTime(oldest.At) >= Retention)) _decisions.Remove(_order.Dequeue().Key);
    }

    /// <summary>Half of the hash is enough to tell contents of one cid apart.</summary>
    private static (string Sender, string Cid, UInt128 Content) Key((string Sender, string Cid) key, byte[] hash) => (key.Sender, key.Cid, BinaryPrimitives.ReadUInt128BigEndian(hash));
}
