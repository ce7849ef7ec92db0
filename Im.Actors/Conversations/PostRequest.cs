using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>A message that wants to be stored.</summary>
internal sealed class PostRequest : LogRequest
{
    private readonly bool _createsPair;

    public PostRequest(ConversationCommands.Post post, ConversationFacts facts)
    {
        Post = post;
        Hash = HashOf(post.Type, post.Text, post.Ext);
        _createsPair = facts.Kind is ConversationKind.Pair or ConversationKind.Inbox;
    }

    public ConversationCommands.Post Post { get; }

    public override int Bytes => 256 + Post.Text.Length * 2 + (Post.Ext?.Length ?? 0);

    public override bool IsOutside => Post.IsOutside;

    public static PostRequest Of(ConversationCommands.Post post, ConversationFacts facts) => new(post, facts)
    {
        MessageId = post.MessageId,
        Sender = post.Sender,
        Cid = post.Cid,
        ReplyTo = post.ReplyTo,
        Tag = post.Tag,
        Place = post.Place,
        SenderConnection = post.SenderConnection,
    };

    public override LogDecision Decide(ConversationFacts facts, long nowMs)
    {
        switch (facts.Kind)
        {
            case ConversationKind.Room when Post.IsOutside:
                return new LogDecision(ReplyCode.NotAMember, "conv");
            case ConversationKind.Group when !facts.Exists:
                return new LogDecision(ReplyCode.NoSuchConversation, "conv");
            case ConversationKind.Group when !Post.IsFromServer && !facts.Members.ContainsKey(Post.Sender):
                return new LogDecision(ReplyCode.NotAMember, "conv");
            case ConversationKind.Group when !Post.IsFromServer && facts.Members[Post.Sender] == MemberRole.Muted:
                return new LogDecision(ReplyCode.Muted, "conv");
            case ConversationKind.Pair when !Post.IsFromServer && !facts.NamedUsers.Contains(Post.Sender):
            case ConversationKind.Inbox when !Post.IsFromServer:
                return new LogDecision(ReplyCode.Forbidden, "conv");
            default:
                return LogDecision.Store;
        }
    }

    public override AppendRecord ToRecord(long mseq, long timestampMs)
    {
        var record = new StoredRecord(mseq, MessageId, Sender, Post.From, Cid, Post.Type, Post.Text, Post.Ext, timestampMs)
        {
            ExpiresMs = Post.TimeToLive is { } time ? timestampMs + (long)time.TotalMilliseconds : 0,
        };
        var target = Post.IsFromServer && Post.Conversation.Conversation.Kind == ConversationKind.Inbox ? Post.Conversation.Conversation.Value[2..] : null;
        return new AppendRecord(record, Cid is null ? null : Hash, null, target);
    }

    /// <summary>The users of a one-to-one conversation and of an inbox are its members from its first record on.</summary>
    public override IReadOnlyList<MemberChange> MemberChanges(long mseq)
    {
        if (mseq != 1 || !_createsPair) return [];
        var named = new ConversationFacts(Post.Conversation).NamedUsers;
        return [.. named.Select(user => new MemberChange(user, MemberRole.Member, 1) { ReadsFrom = 1 })];
    }
}
