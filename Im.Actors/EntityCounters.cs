namespace Im.Actors;

/// <summary>Entities that live on this node, for the state page and the gauges. Counted where they start and stop.</summary>
internal static class EntityCounters
{
    private static long s_sessions;
    private static long s_conversations;

    public static long Sessions => Interlocked.Read(ref s_sessions);

    public static long Conversations => Interlocked.Read(ref s_conversations);

    public static void Session(int change) => Interlocked.Add(ref s_sessions, change);

    public static void Conversation(int change) => Interlocked.Add(ref s_conversations, change);
}
