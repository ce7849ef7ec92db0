using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Tests.Storage;

/// <summary>Parts, records and keys as an owner would make them.</summary>
internal static class Parts
{
    public const string Epoch = "e1";

    /// <summary>Time stamp of record 1; record n has n ms more.</summary>
    public const long FirstMs = 1_750_000_000_000;

    public static readonly AppId App = new(101);

    public static ConversationKey Room(string name = "a") => new(App, new ConversationId("r:" + name));

    public static ConversationKey Group(string name = "a") => new(App, new ConversationId("g:" + name));

    public static StoredRecord Record(long mseq, string text = "hi", string from = "alice", string? cid = null, string type = "text", long? ts = null) =>
        new(mseq, $"{FirstMs + mseq:D13}{Guid.NewGuid():N}"[..26], from, from, cid ?? $"c{mseq}", type, text, null, ts ?? (FirstMs + mseq));

    public static AppendRecord Append(StoredRecord record, Amendment? amends = null, string? deliveryUser = null) => new(record, HashOf(record.Text), amends, deliveryUser);

    public static byte[] HashOf(string payload) => SHA256.HashData(Encoding.UTF8.GetBytes(payload));

    public static AppendPart Part(ConversationKey conversation, long expectedHead, params IEnumerable<AppendRecord> records) =>
        new(conversation, Epoch, expectedHead, false, null, [.. records], [], 0, ActorRefs.Nobody);

    /// <summary>The first part of a conversation, with a number of short records.</summary>
    public static AppendPart First(ConversationKey conversation, int count, params IEnumerable<MemberChange> members) =>
        Part(conversation, 0, Enumerable.Range(1, count).Select(mseq => Append(Record(mseq)))) with { Creates = true, Members = [.. members] };

    public static MemberChange Joins(string user, long at = 1, MemberRole role = MemberRole.Member) => new(user, role, at);

    public static MemberChange Leaves(string user, long at) => new(user, null, at);

    public static Task<AppendResult> AppendAsync(this IMessageStore store, AppendPart part)
    {
        var probe = new AnswerProbe();
        store.Append(part with { ReplyTo = probe });
        return probe.AnswerAsync();
    }

    /// <summary>Appends and insists on success.</summary>
    public static async Task CommitAsync(this IMessageStore store, AppendPart part)
    {
        var answer = await store.AppendAsync(part);
        if (answer.Outcome != AppendOutcome.Committed) throw new InvalidOperationException($"The part was not committed but {answer}");
    }

    public static async Task<ConversationRow?> RowAsync(this IMessageStore store, ConversationKey conversation)
    {
        var (isAvailable, row) = await store.LoadAsync(conversation, locked: false);
        return isAvailable ? row : throw new InvalidOperationException("The store is not available");
    }

    public static Task<HistoryPage> HistoryAsync(this IMessageStore store, ConversationKey conversation, string? reader = null, long? before = null, long? after = null, int limit = 200) =>
        store.ReadAsync(new HistoryQuery(conversation, reader, before, after, limit));
}
