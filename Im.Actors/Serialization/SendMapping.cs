using Im.Actors.Conversations;

namespace Im.Actors.Serialization;

/// <summary>What asks an owner for a record.</summary>
internal static class SendMapping
{
    public static Wire.Post ToWire(ConversationCommands.Post post)
    {
        var wire = new Wire.Post
        {
            Conversation = post.Conversation.ToWire(),
            Tag = post.Tag,
            MessageId = post.MessageId,
            Sender = post.Sender,
            From = post.From,
            Command = post.Command,
            Type = post.Type,
            Text = post.Text,
            Numbered = post.Numbered,
            ReplyTo = References.Write(post.ReplyTo),
            Place = ToWire(post.Place),
            IsOutside = post.IsOutside,
            IsFromServer = post.IsFromServer,
            Platforms = { post.Platforms },
        };
        if (post.Seq is not null) wire.Seq = post.Seq;
        if (post.Ext is not null) wire.Ext = post.Ext;
        if (post.Cid is not null) wire.Cid = post.Cid;
        if (post.SenderConnection is not null) wire.SenderConnection = post.SenderConnection;
        if (post.ExcludeUser is { } user) wire.ExcludeUser = user.Value;
        if (post.ReportTo is not null) wire.ReportTo = References.Write(post.ReportTo);
        if (post.TimeToLive is { } time) wire.TimeToLiveMs = (long)time.TotalMilliseconds;
        return wire;
    }

    public static ConversationCommands.Post FromWire(Wire.Post wire, References references) => new(
        wire.Conversation.FromWire(),
        wire.Tag,
        wire.MessageId,
        wire.Sender,
        wire.From,
        wire.Command,
        wire.HasSeq ? wire.Seq : null,
        wire.Type,
        wire.Text,
        wire.HasExt ? wire.Ext : null,
        wire.HasCid ? wire.Cid : null,
        wire.Numbered,
        wire.HasSenderConnection ? wire.SenderConnection : null,
        wire.HasExcludeUser ? NameMapping.User(wire.ExcludeUser) : null,
        references.Read(wire.ReplyTo),
        wire.HasReportTo ? references.Read(wire.ReportTo) : null)
    {
        Place = FromWire(wire.Place),
        IsOutside = wire.IsOutside,
        IsFromServer = wire.IsFromServer,
        Platforms = [.. wire.Platforms.Select(NameMapping.PlatformName)],
        TimeToLive = wire.HasTimeToLiveMs ? TimeSpan.FromMilliseconds(wire.TimeToLiveMs) : null,
    };

    public static Wire.Amend ToWire(ConversationCommands.Amend amend)
    {
        var wire = new Wire.Amend
        {
            Conversation = amend.Conversation.ToWire(),
            Tag = amend.Tag,
            MessageId = amend.MessageId,
            User = amend.User.Value,
            Cid = amend.Cid,
            Mseq = amend.Mseq,
            SenderConnection = amend.SenderConnection,
            ReplyTo = References.Write(amend.ReplyTo),
            Place = ToWire(amend.Place),
            IsOutside = amend.IsOutside,
        };
        if (amend.Text is not null) wire.Text = amend.Text;
        return wire;
    }

    public static ConversationCommands.Amend FromWire(Wire.Amend wire, References references) => new(
        wire.Conversation.FromWire(),
        wire.Tag,
        wire.MessageId,
        NameMapping.User(wire.User),
        wire.Cid,
        wire.Mseq,
        wire.HasText ? wire.Text : null,
        wire.SenderConnection,
        references.Read(wire.ReplyTo))
    {
        Place = FromWire(wire.Place),
        IsOutside = wire.IsOutside,
    };

    private static Wire.SendPlace? ToWire(SendPlace? place) => place is null ? null : new Wire.SendPlace
    {
        Connection = place.Connection,
        Window = place.Window,
        Number = place.Number,
        Oldest = place.Oldest,
        IsRepeat = place.IsRepeat,
    };

    private static SendPlace? FromWire(Wire.SendPlace? wire) =>
        wire is null ? null : new SendPlace(wire.Connection, wire.Window, wire.Number, wire.Oldest, wire.IsRepeat);
}
