using System.Runtime.Serialization;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;

namespace Im.Actors.Serialization;

internal static class GroupMapping
{
    public static Wire.GroupCommand ToWire(ConversationCommands.Group group)
    {
        var wire = new Wire.GroupCommand
        {
            Conversation = group.Conversation.ToWire(),
            Tag = group.Tag,
            MessageId = group.MessageId,
            Sender = group.Sender,
            User = group.User.Value,
            Cid = group.Cid,
            Change = ToWire(group.Change),
            IsFromServer = group.IsFromServer,
            ReplyTo = References.Write(group.ReplyTo),
        };
        if (group.SenderConnection is not null) wire.SenderConnection = group.SenderConnection;
        return wire;
    }

    public static ConversationCommands.Group FromWire(Wire.GroupCommand wire, References references) => new(
        wire.Conversation.FromWire(),
        wire.Tag,
        wire.MessageId,
        wire.Sender,
        NameMapping.User(wire.User),
        wire.Cid,
        FromWire(Required.Of(wire.Change)),
        wire.HasSenderConnection ? wire.SenderConnection : null,
        wire.IsFromServer,
        references.Read(wire.ReplyTo));

    public static Wire.GroupAnswered ToWire(ConversationEvents.GroupAnswered answered) => new()
    {
        Tag = answered.Tag,
        Name = answered.Name,
        Members = { answered.Members.Select(member => Member(member.User, member.Role)) },
        Mseq = answered.Mseq,
    };

    public static ConversationEvents.GroupAnswered FromWire(Wire.GroupAnswered wire, References references) => new(
        wire.Tag, wire.Name, [.. wire.Members.Select(member => new ConversationEvents.GroupMember(member.User, FromWire(member.Role)))], wire.Mseq);

    private static Wire.GroupChange ToWire(GroupChange change) => change switch
    {
        GroupChange.Create create => new() { Create = new() { Name = create.Name, Users = { create.Users } } },
        GroupChange.Add add => new() { Add = new() { Users = { add.Users } } },
        GroupChange.Remove remove => new() { Remove = new() { Users = { remove.Users } } },
        GroupChange.Leave => new() { Leave = new() },
        GroupChange.SetRole set => new() { SetRole = new() { Users = { set.Users }, Role = ToWire(set.Role) } },
        GroupChange.Update update => new()
        {
            Update = new() { Added = { update.Added }, Removed = { update.Removed }, Roles = { update.Roles.Select(role => Member(role.Key, role.Value)) } },
        },
        _ => new() { Get = new() },
    };

    private static GroupChange FromWire(Wire.GroupChange wire) => wire.ChangeCase switch
    {
        Wire.GroupChange.ChangeOneofCase.Create => new GroupChange.Create(wire.Create.Name, [.. wire.Create.Users]),
        Wire.GroupChange.ChangeOneofCase.Add => new GroupChange.Add([.. wire.Add.Users]),
        Wire.GroupChange.ChangeOneofCase.Remove => new GroupChange.Remove([.. wire.Remove.Users]),
        Wire.GroupChange.ChangeOneofCase.Leave => new GroupChange.Leave(),
        Wire.GroupChange.ChangeOneofCase.SetRole => new GroupChange.SetRole([.. wire.SetRole.Users], FromWire(wire.SetRole.Role)),
        Wire.GroupChange.ChangeOneofCase.Update => new GroupChange.Update([.. wire.Update.Added], [.. wire.Update.Removed], Roles(wire.Update.Roles)),
        Wire.GroupChange.ChangeOneofCase.Get => new GroupChange.Get(),
        _ => throw new SerializationException("A change of a group that this version does not know."),
    };

    /// <summary>In the order of the wire: the hash of an idempotent call is made over it.</summary>
    private static OrderedDictionary<string, MemberRole> Roles(IEnumerable<Wire.GroupMember> members)
    {
        var roles = new OrderedDictionary<string, MemberRole>(StringComparer.Ordinal);
        foreach (var member in members) roles[member.User] = FromWire(member.Role);
        return roles;
    }

    private static Wire.GroupMember Member(string user, MemberRole role) => new() { User = user, Role = ToWire(role) };

    private static Wire.MemberRole ToWire(MemberRole role) => role switch
    {
        MemberRole.Muted => Wire.MemberRole.Muted,
        MemberRole.Admin => Wire.MemberRole.Admin,
        MemberRole.Owner => Wire.MemberRole.Owner,
        _ => Wire.MemberRole.Member,
    };

    private static MemberRole FromWire(Wire.MemberRole role) => role switch
    {
        Wire.MemberRole.Member => MemberRole.Member,
        Wire.MemberRole.Muted => MemberRole.Muted,
        Wire.MemberRole.Admin => MemberRole.Admin,
        Wire.MemberRole.Owner => MemberRole.Owner,
        _ => throw new SerializationException("A role that this version does not know."),
    };
}
