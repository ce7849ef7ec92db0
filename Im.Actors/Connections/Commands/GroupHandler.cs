using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>group</c>: makes a group, changes its members, shows them. Answered once the change is on disk.</summary>
internal sealed class GroupHandler : ICommandHandler
{
    private const int MaxNameBytes = 128;

    public string Command => CommandNames.Group;

    public bool NeedsLogin => true;

    public bool IsLevel2Only => true;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!GroupData.TryRead(command.Data.Span, out var group, out var field))
        {
            connection.Fail(command, ReplyCode.BadParameter, field ?? "data");
            return;
        }

        var id = group is { Operation: "create", Conversation: null } ? "g:" + connection.Services.NewMessageId() : group.Conversation;
        if (!ConversationId.TryParse(id, out var conversation) || conversation.Kind != ConversationKind.Group) connection.Fail(command, ReplyCode.BadParameter, "conv");
        else if (group.Cid is not null && !NameChecks.IsCid(group.Cid)) connection.Fail(command, ReplyCode.BadParameter, "cid");
        else if (Change(group, out var wrong) is not { } change) connection.Fail(command, wrong == "users!" ? ReplyCode.TooLarge : ReplyCode.BadParameter, wrong.TrimEnd('!'));
        else Send(connection, command, conversation, group.Cid, change);
    }

    private static GroupChange? Change(GroupData group, out string wrong)
    {
        wrong = "users";
        var users = group.Users ?? [];
        if (users.Count > GroupRules.MaxMembersCount)
        {
            wrong = "users!";
            return null;
        }

        if (!users.All(user => UserId.TryParse(user, out _))) return null;
        switch (group.Operation)
        {
            case "create":
                wrong = "name";
                var name = group.Name ?? "";
                return System.Text.Encoding.UTF8.GetByteCount(name) <= MaxNameBytes && !name.Any(char.IsControl) ? new GroupChange.Create(name, users) : null;
            case "add":
                return users.Count > 0 ? new GroupChange.Add(users) : null;
            case "remove":
                return users.Count > 0 ? new GroupChange.Remove(users) : null;
            case "leave":
                return new GroupChange.Leave();
            case "get":
                return new GroupChange.Get();
            case "role":
                if (users.Count == 0) return null;
                wrong = "role";
                return MemberRoles.Find(group.Role) is { } role ? new GroupChange.SetRole(users, role) : null;
            default:
                wrong = "op";
                return null;
        }
    }

    private static void Send(IConnection connection, ConnectionInput.Command command, ConversationId conversation, string? cid, GroupChange change)
    {
        var attachment = connection.Slot.Attachment!;
        var messageId = connection.Services.NewMessageId();
        var flow = new Flow(command, conversation, new ConversationCommands.Group(
            new ConversationKey(attachment.User.App, conversation), connection.NextTag(), messageId, attachment.User.User.Value, attachment.User.User, cid ?? messageId, change, attachment.ConnectionId, false, connection.Self));
        connection.Suspend(flow);
        flow.Repeat(connection);
    }

    /// <summary>Asks until answered: its cid makes the repeat harmless, its tag tells the answer to a repeat of an earlier command from its own.</summary>
    private sealed class Flow(ConnectionInput.Command command, ConversationId conversation, ConversationCommands.Group message) : CommandFlow
    {
        /// <summary>Unanswered for so long, about 14 s: the outcome is unknown.</summary>
        private const int MaxOverdue = 7;

        private int _overdue;

        public override void Repeat(IConnection connection) => connection.Services.Conversations.Tell(message, connection.Self);

        public override void Overdue(IConnection connection)
        {
            if (++_overdue < MaxOverdue)
            {
                Repeat(connection);
                return;
            }

            connection.Fail(command, ReplyCode.OutcomeUnknown, retryAfterMs: 500);
            connection.Resume();
        }

        public override bool OnMessage(IConnection connection, object other)
        {
            if (other is not ConversationEvents.GroupAnswered answered || answered.Tag != message.Tag) return false;
            connection.Reply(command, Data(answered));
            connection.Resume();
            return true;
        }

        public override bool OnRefused(IConnection connection, ConversationEvents.PostRefused refused)
        {
            if (refused.Tag != message.Tag) return false;
            connection.Fail(command, refused);
            connection.Resume();
            return true;
        }

        private byte[] Data(ConversationEvents.GroupAnswered answered)
        {
            var buffer = WireBuffer.Create();
            buffer.Raw("{\"conv\":"u8);
            buffer.Text(conversation.Value);
            buffer.Raw(",\"name\":"u8);
            buffer.Text(answered.Name);
            buffer.Raw(",\"members\":["u8);
            for (var i = 0; i < answered.Members.Count; i++)
            {
                buffer.Raw(i > 0 ? ",{\"user\":"u8 : "{\"user\":"u8);
                buffer.Text(answered.Members[i].User);
                buffer.Raw(",\"role\":"u8);
                buffer.Text(answered.Members[i].Role.Wire());
                buffer.Raw("}"u8);
            }

            buffer.Raw("],\"mseq\":"u8);
            buffer.Number(answered.Mseq);
            buffer.Raw("}"u8);
            return buffer.Written.ToArray();
        }
    }
}
