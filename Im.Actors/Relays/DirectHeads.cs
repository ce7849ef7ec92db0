using System.Collections.Concurrent;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// How far each connection of this node was given one-to-one and inbox records lately: only what is missing from here is
/// brought up from the store. Kept for one to two times <see cref="GenerationMs"/>, longer than a change is looked at.
/// </summary>
/// <remarks>At most <see cref="MaxCount"/> per generation; a connection that is not noted is told to sync once too often.</remarks>
internal sealed class DirectHeads
{
    public const int GenerationMs = 60_000;

    public const int MaxCount = 500_000;

    private ConcurrentDictionary<(long Connection, string Conversation), long> _young = new();
    private ConcurrentDictionary<(long Connection, string Conversation), long> _old = new();
    private long _turnedAtMs;

    public void Note(long connection, ConversationId conversation, long mseq)
    {
        var young = Volatile.Read(ref _young);
        if (young.Count < MaxCount) young.AddOrUpdate((connection, conversation.Value), static (_, given) => given, static (_, known, given) => Math.Max(known, given), mseq);
    }

    public bool Has(long connection, ConversationId conversation, long mseq) =>
        (Volatile.Read(ref _young).TryGetValue((connection, conversation.Value), out var young) && young >= mseq)
        || (Volatile.Read(ref _old).TryGetValue((connection, conversation.Value), out var old) && old >= mseq);

    public void Turn(long nowMs)
    {
        if (nowMs - _turnedAtMs < GenerationMs) return;
        _turnedAtMs = nowMs;
        Volatile.Write(ref _old, Volatile.Read(ref _young));
        Volatile.Write(ref _young, new ConcurrentDictionary<(long, string), long>());
    }
}
