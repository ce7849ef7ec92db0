using Im.Actors.Conversations;
using Im.Actors.Telemetry;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Actors.Connections.Commands;

/// <summary>How a command is answered, by the connection's level; an answer gives the command's credit back.</summary>
internal static class CommandReplies
{
    /// <summary>Answers 200 with raw JSON data, or null.</summary>
    public static void Reply(this IConnection connection, ConnectionInput.Command command, ReadOnlySpan<byte> data = default)
    {
        if (IsWanted(connection, command)) connection.Push(new Frame(ReplyWriter.Reply(command.Seq, command.Name, ReplyCode.Success, data), FrameKind.Reply));
        connection.Answered(command, ReplyCode.Success);
    }

    /// <summary>Answers with an error; level 2 is told whether it is temporary and which member was at fault.</summary>
    public static void Fail(this IConnection connection, ConnectionInput.Command command, ReplyCode code, string? field = null, long retryAfterMs = 0)
    {
        if (IsWanted(connection, command))
        {
            connection.Push(new Frame(
                connection.Slot.Level == ProtocolLevel.Two
                    ? ReplyWriter.Error(command.Seq, command.Name, code, field, retryAfterMs)
                    : ReplyWriter.Reply(command.Seq, command.Name, code),
                FrameKind.Reply));
        }

        connection.Answered(command, code);
    }

    /// <summary>Answers with an owner's refusal.</summary>
    public static void Fail(this IConnection connection, ConnectionInput.Command command, ConversationEvents.PostRefused refused)
    {
        if (IsWanted(connection, command))
            connection.Push(new Frame(ReplyWriter.Error(command.Seq, command.Name, refused.Code, refused.Field, refused.Code.IsTemporary() ? 500 : 0, refused.First), FrameKind.Reply));
        connection.Answered(command, refused.Code);
    }

    /// <summary>The command has been answered, if need be by a frame that took another way (a relay's lane).</summary>
    public static void Answered(this IConnection connection, ConnectionInput.Command command, ReplyCode code)
    {
        ImMetrics.Command(connection.Services.Router.Knows(command.Name) ? command.Name : null, code);
        connection.Slot.Credit(command.Bytes);
    }

    /// <summary>Level 2: an empty seq asks for no reply.</summary>
    private static bool IsWanted(IConnection connection, ConnectionInput.Command command) => connection.Slot.Level != ProtocolLevel.Two || command.Seq.Length > 0;
}
