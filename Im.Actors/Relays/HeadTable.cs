using System.Collections.Concurrent;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// Heads that moved lately, as this node knows them: what relays handed out and what the store said. Heartbeats are
/// answered from it. An entry is kept for one to two times <see cref="GenerationMs"/>.
/// </summary>
/// <remarks>At most <see cref="MaxCount"/> per generation; further ones are not noted and found by the clients' next sync.</remarks>
internal sealed class HeadTable
{
    public const int GenerationMs = 5 * 60_000;

    public const int MaxCount = 200_000;

    private ConcurrentDictionary<ConversationKey, (string Epoch, long Head)> _young = new();
    private ConcurrentDictionary<ConversationKey, (string Epoch, long Head)> _old = new();
    private long _turnedAtMs;

    public void Note(ConversationKey conversation, string epoch, long head)
    {
        var young = Volatile.Read(ref _young);
        if (young.Count < MaxCount || young.ContainsKey(conversation))
        {
            young.AddOrUpdate(
                conversation,
                static (_, given) => given,
                static (_, known, given) => known.Epoch == given.Epoch && known.Head >= given.Head ? known : given,
                (Epoch: epoch, Head: head));
        }
    }

    /// <summary>The head when it moved lately, else null.</summary>
    public (string Epoch, long Head)? Find(ConversationKey conversation)
    {
        if (Volatile.Read(ref _young).TryGetValue(conversation, out var head)) return head;
        return Volatile.Read(ref _old).TryGetValue(conversation, out head) ? head : null;
    }

    /// <summary>Forgets the older generation when its time is over; called now and then by one caller.</summary>
    public void Turn(long nowMs)
    {
        if (nowMs - _turnedAtMs < GenerationMs) return;
        _turnedAtMs = nowMs;
        Volatile.Write(ref _old, Volatile.Read(ref _young));
        Volatile.Write(ref _young, new ConcurrentDictionary<ConversationKey, (string, long)>());
    }
}
