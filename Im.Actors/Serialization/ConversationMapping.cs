using Im.Actors.Conversations;
using Im.Protocol;

namespace Im.Actors.Serialization;

/// <summary>To and from a conversation's owner, but for sends and groups.</summary>
internal static class ConversationMapping
{
    public static Wire.Enter ToWire(ConversationCommands.Enter enter) => new()
    {
        Conversation = enter.Conversation.ToWire(),
        User = enter.User.Value,
        Relay = References.Write(enter.Relay),
        Op = enter.Op,
        Previous = enter.Previous,
        IsFirst = enter.IsFirst,
    };

    public static ConversationCommands.Enter FromWire(Wire.Enter wire, References references) =>
        new(wire.Conversation.FromWire(), NameMapping.User(wire.User), references.Read(wire.Relay), wire.Op, wire.Previous, wire.IsFirst);

    public static Wire.Exit ToWire(ConversationCommands.Exit exit) => new()
    {
        Conversation = exit.Conversation.ToWire(),
        User = exit.User.Value,
        Relay = References.Write(exit.Relay),
        Op = exit.Op,
        Previous = exit.Previous,
    };

    public static ConversationCommands.Exit FromWire(Wire.Exit wire, References references) =>
        new(wire.Conversation.FromWire(), NameMapping.User(wire.User), references.Read(wire.Relay), wire.Op, wire.Previous);

    public static Wire.Report ToWire(ConversationCommands.Report report) =>
        new() { Conversation = report.Conversation.ToWire(), Relay = References.Write(report.Relay), Users = report.Users, Op = report.Op };

    public static ConversationCommands.Report FromWire(Wire.Report wire, References references) =>
        new(wire.Conversation.FromWire(), references.Read(wire.Relay), wire.Users, wire.Op);

    public static Wire.Mark ToWire(ConversationCommands.Mark mark) =>
        new() { Conversation = mark.Conversation.ToWire(), User = mark.User.Value, Delivered = mark.Delivered, Read = mark.Read };

    public static ConversationCommands.Mark FromWire(Wire.Mark wire, References references) =>
        new(wire.Conversation.FromWire(), NameMapping.User(wire.User), wire.Delivered, wire.Read);

    public static Wire.Signal ToWire(ConversationCommands.Signal signal) => new()
    {
        Conversation = signal.Conversation.ToWire(),
        User = signal.User.Value,
        SenderConnection = signal.SenderConnection,
        Frame = signal.Frame.ToWire(),
    };

    public static ConversationCommands.Signal FromWire(Wire.Signal wire, References references) =>
        new(wire.Conversation.FromWire(), NameMapping.User(wire.User), wire.SenderConnection, wire.Frame.FromWire());

    public static Wire.RecordRouted ToWire(ConversationCommands.Routed routed) =>
        new() { Conversation = routed.Conversation.ToWire(), User = routed.User.Value, Mseq = routed.Mseq };

    public static ConversationCommands.Routed FromWire(Wire.RecordRouted wire, References references) =>
        new(wire.Conversation.FromWire(), NameMapping.User(wire.User), wire.Mseq);

    public static Wire.PushOnce ToWire(ConversationCommands.PushOnce once) =>
        new() { Conversation = once.Conversation.ToWire(), Sender = once.Sender, Cid = once.Cid, Push = PushMapping.ToWire(once.Push), Tag = once.Tag };

    public static ConversationCommands.PushOnce FromWire(Wire.PushOnce wire, References references) =>
        new(wire.Conversation.FromWire(), wire.Sender, wire.Cid, PushMapping.FromWire(Required.Of(wire.Push), references)) { Tag = wire.Tag };

    public static Wire.Posted ToWire(ConversationEvents.Posted posted) => new()
    {
        Tag = posted.Tag,
        MessageId = posted.MessageId,
        Epoch = posted.Epoch,
        Mseq = posted.Mseq,
        TimestampMs = posted.TimestampMs,
        Duplicate = posted.Duplicate,
    };

    public static ConversationEvents.Posted FromWire(Wire.Posted wire, References references) =>
        new(wire.Tag, wire.MessageId, wire.Epoch, wire.Mseq, wire.TimestampMs, wire.Duplicate);

    public static Wire.PostRefused ToWire(ConversationEvents.PostRefused refused)
    {
        var wire = new Wire.PostRefused { Tag = refused.Tag, Code = (int)refused.Code, First = refused.First };
        if (refused.Field is not null) wire.Field = refused.Field;
        return wire;
    }

    public static ConversationEvents.PostRefused FromWire(Wire.PostRefused wire, References references) =>
        new(wire.Tag, (ReplyCode)wire.Code) { Field = wire.HasField ? wire.Field : null, First = wire.First };

    public static Wire.Claimed ToWire(ConversationEvents.Claimed claimed) => new() { MessageId = claimed.MessageId, Duplicate = claimed.Duplicate, Tag = claimed.Tag };

    public static ConversationEvents.Claimed FromWire(Wire.Claimed wire, References references) => new(wire.MessageId, wire.Duplicate) { Tag = wire.Tag };
}
