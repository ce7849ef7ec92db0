namespace Im.Actors;

/// <summary>Entities that live on this node, for the state page and the gauges. Counted where they start and stop.</summary>
internal sealed class EntityCounters
{
    private long _sessions;
    private long _conversations;

    public long Sessions => Interlocked.Read(ref _sessions);

    public long Conversations => Interlocked.Read(ref _conversations);

    public void Session(int change) => Interlocked.Add(ref _sessions, change);

    public void Conversation(int change) => Interlocked.Add(ref _conversations, change);
}
