using Im.Actors.Conversations.Store;
using Im.Protocol;

namespace Im.Actors.Conversations;

/// <summary>A group's making or change that wants to be stored as an event.</summary>
internal sealed class GroupRequest : LogRequest
{
    private readonly ConversationCommands.Group _group;
    private GroupDecision? _decision;

    public GroupRequest(ConversationCommands.Group group)
    {
        _group = group;
        Hash = HashOf("group", Describe(group.Change));
    }

    public override bool ChangesMembers => true;

    /// <summary>With a create: the group's name.</summary>
    public string? NewName => (_group.Change as GroupChange.Create)?.Name;

    public static GroupRequest Of(ConversationCommands.Group group) => new(group)
    {
        MessageId = group.MessageId,
        Sender = group.Sender,
        Cid = group.Change is GroupChange.Get ? null : group.Cid,
        ReplyTo = group.ReplyTo,
        Tag = group.Tag,
        SenderConnection = group.SenderConnection,
    };

    public override LogDecision Decide(ConversationFacts facts, long nowMs)
    {
        if (_group.Change is GroupChange.Create create) return DecideCreate(facts, create);
        if (!facts.Exists) return new LogDecision(ReplyCode.NoSuchConversation, "conv");
        _decision = GroupRules.Decide(facts.OrderedMembers(), _group.User.Value, _group.IsFromServer, _group.Change);
        return new LogDecision(_decision.Code, _decision.Code == ReplyCode.Success ? null : "conv", Answered: _decision is { Code: ReplyCode.Success, Ext: null });
    }

    public override AppendRecord ToRecord(long mseq, long timestampMs) =>
        new(new StoredRecord(mseq, MessageId, Sender, _group.User.Value, Cid, StoredRecord.EventType, "", _decision!.Ext, timestampMs), Hash);

    public override IReadOnlyList<MemberChange> MemberChanges(long mseq) =>
        [.. _decision!.Changes.Select(change => new MemberChange(change.Key, change.Value, mseq))];

    /// <summary>Who is no member any more, and sends an old change again, is told that it was done and not who is in the group now.</summary>
    public override object Answer(long tag, ConversationFacts facts, bool duplicate, CidRow stored)
    {
        var mayRead = _group.IsFromServer || facts.Members.ContainsKey(_group.User.Value);
        var members = mayRead ? facts.MembersInOrder.Select(user => new ConversationEvents.GroupMember(user, facts.Members[user])) : [];
        return new ConversationEvents.GroupAnswered(tag, facts.Name, [.. members], stored.Mseq);
    }

    private LogDecision DecideCreate(ConversationFacts facts, GroupChange.Create create)
    {
        if (facts.Exists) return new LogDecision(ReplyCode.OperationFailed, "conv");
        var users = create.Users.Where(user => user != _group.User.Value).Distinct().ToArray();
        if (users.Length + 1 > GroupRules.MaxMembersCount) return new LogDecision(ReplyCode.TooLarge, "users");
        var changes = new OrderedDictionary<string, MemberRole?> { [_group.User.Value] = MemberRole.Owner };
        foreach (var user in users) changes[user] = MemberRole.Member;
        _decision = new GroupDecision(ReplyCode.Success, GroupRules.CreateExt(create.Name, users), changes);
        return LogDecision.Store;
    }

    private static string Describe(GroupChange change) => change switch
    {
        GroupChange.Create create => $"create|{create.Name}|{string.Join('|', create.Users)}",
        GroupChange.Add add => $"add|{string.Join('|', add.Users)}",
        GroupChange.Remove remove => $"remove|{string.Join('|', remove.Users)}",
        GroupChange.SetRole set => $"role|{set.Role}|{string.Join('|', set.Users)}",
        GroupChange.Update update => $"update|{string.Join('|', update.Added)}||{string.Join('|', update.Removed)}||{string.Join('|', update.Roles.Select(role => $"{role.Key}={role.Value}"))}",
        _ => change.GetType().Name,
    };
}
