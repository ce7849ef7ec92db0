using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>Replies as what the application gets.</summary>
internal static class Answers
{
    public static ImSent Sent(Reply reply, string cid) => new(
        reply.Data.Text("conv") ?? "",
        cid,
        reply.Data.Text("mid") ?? "",
        reply.Data.Text("epoch") ?? "",
        reply.Data.Number("mseq") ?? 0,
        RecordReader.Time(reply.Data),
        reply.Data.Flag("dup"),
        reply.Data.Text("d") ?? "none");

    public static ImSent Ephemeral(Reply reply) => Sent(reply, "");

    public static ImJoined Joined(Reply reply, string room) => new(
        reply.Data.Text("conv") ?? room,
        reply.Data.Text("epoch") ?? "",
        reply.Data.Number("first") ?? 1,
        reply.Data.Number("head") ?? 0,
        reply.Data.Number("members") ?? 0);

    public static ImHistoryPage History(Reply reply, string conversation) => new(
        conversation,
        reply.Data.Text("epoch") ?? "",
        reply.Data.Number("first") ?? 1,
        reply.Data.Number("head") ?? 0,
        RecordReader.ReadAll(reply.Data, "msgs", conversation));

    public static IReadOnlyList<ImPresence> Presences(Reply reply) => [.. reply.Data.Entries("users").Select(PushRouter.Presence)];

    public static ImConversationPage Conversations(Reply reply) =>
        new([.. reply.Data.Entries("convs").Select(Conversation)], reply.Data.Flag("more"));

    public static ImGroup Group(Reply reply, string conversation) => new(
        reply.Data.Text("conv") ?? conversation,
        reply.Data.Text("name"),
        [.. reply.Data.Entries("members").Select(member => new ImMember(member.Text("user") ?? "", member.Text("role") ?? "member"))],
        reply.Data.Number("mseq") ?? 0);

    private static ImConversation Conversation(JsonElement entry) => new(
        entry.Text("conv") ?? "",
        entry.Text("epoch") ?? "",
        entry.Number("first") ?? 1,
        entry.Number("head") ?? 0,
        entry.Number("read") ?? 0,
        entry.Number("unread") ?? 0,
        entry.Text("name"),
        entry.Member("last") is { } last ? RecordReader.Read(last, null, entry.Text("conv")) : null);
}
