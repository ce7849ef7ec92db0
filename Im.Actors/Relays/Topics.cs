using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// Rooms share a fixed number of pub-sub topics: a topic per room costs kilobytes on every mediator, its gossip
/// livelocks beyond a few thousand at once, and a join would race the gossip. Never change the count in a live cluster.
/// </summary>
public static class Topics
{
    public const int Count = 64;

    private static readonly string[] Names = [.. Enumerable.Range(0, Count).Select(i => $"im.conversations.{i:00}")];

    public static string For(ConversationKey conversation) => Names[Partition(conversation)];

    public static string Name(int partition) => Names[partition];

    /// <summary>FNV-1a over app and id: the same on every node and in every version.</summary>
    public static int Partition(ConversationKey conversation)
    {
        var hash = 2166136261 ^ conversation.App.Value;
        foreach (var c in conversation.Conversation.Value) hash = (hash ^ c) * 16777619;
        return (int)(hash % Count);
    }

    /// <summary>The app's own channel, which every logged-in connection follows; no client can name it.</summary>
    public static ConversationKey AppChannel(AppId app) => new(app, new ConversationId("*:app"));
}
