using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Connections.Commands;

/// <summary><c>heartbeat</c>: the data is an object or absent; level 2 may say its heads and is told which moved on; level 0 checks the type of <c>userId</c> as the seed does.</summary>
internal sealed class HeartbeatHandler : ICommandHandler
{
    /// <summary>Conversations of one heartbeat; above it 1014.</summary>
    private const int MaxHeadsCount = 200;

    public string Command => CommandNames.Heartbeat;

    /// <summary>False, since the seed looks at the data first: 1001 before 1000.</summary>
    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        if (!HeartbeatData.TryRead(command.Data.Span, out var heads)) connection.Fail(command, ReplyCode.BadParameter, "data");
        else if (connection.Slot.Attachment is null) connection.Fail(command, ReplyCode.NotLoggedIn);
        else if (heads is { Count: > MaxHeadsCount }) connection.Fail(command, ReplyCode.TooLarge, "heads");
        else connection.Reply(command, heads is null || connection.Slot.Level != ProtocolLevel.Two ? default : Newer(connection, heads));
    }

    /// <summary>Of the client's heads those that the node knows to have moved on; empty when none did.</summary>
    private static byte[]? Newer(IConnection connection, Dictionary<string, long> heads)
    {
        var app = connection.Slot.Attachment!.User.App;
        var buffer = WireBuffer.Create();
        var separator = "{\"heads\":{"u8;
        foreach (var (name, head) in heads)
        {
            if (!ConversationId.TryParse(name, out var conversation) || ConversationAccess.RefusalNow(connection, conversation) is not null) continue;
            if (connection.Services.Heads.Find(new ConversationKey(app, conversation)) is not { } known) continue;
            if (known.Head <= head && known.Epoch == connection.Epoch(name)) continue;
            buffer.Raw(separator);
            buffer.Text(name);
            buffer.Raw(":"u8);
            buffer.Number(known.Head);
            separator = ","u8;
        }

        if (buffer.Written.IsEmpty) return null;
        buffer.Raw("}}"u8);
        return buffer.Written.ToArray();
    }
}
