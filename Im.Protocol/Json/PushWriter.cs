namespace Im.Protocol.Json;

/// <summary>What a push of a message, an enter or an exit carries (protocol.md §4).</summary>
/// <param name="Seq">The server's message id, or what the seed's caller chose.</param>
/// <param name="Epoch">With <paramref name="Mseq"/>: the record's place; null for what is not numbered.</param>
/// <param name="Ext">A JSON object as text, or null.</param>
/// <param name="TimestampMs">Unix milliseconds.</param>
public sealed record PushContent(
    string Seq,
    string Command,
    string Type,
    string Text,
    string From,
    string? Conversation,
    string? Epoch,
    long Mseq,
    string? Cid,
    string? Ext,
    long TimestampMs);

/// <summary>Writes pushes as finished text frames, one form per level.</summary>
public static class PushWriter
{
    /// <summary>The seed's text of an enter.</summary>
    public const string EnterText = "哈喽~";

    /// <summary>The seed's text of an exit.</summary>
    public const string ExitText = "用户已经离开~";

    /// <summary>The seed's form: nothing after <c>from</c>.</summary>
    public static byte[] Level0(PushContent push)
    {
        var buffer = BeginMessage(push);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    public static byte[] Level2(PushContent push)
    {
        var buffer = BeginMessage(push);
        if (push.Conversation is not null) Member(ref buffer, ",\"conv\":"u8, push.Conversation);
        if (push.Epoch is not null)
        {
            Member(ref buffer, ",\"epoch\":"u8, push.Epoch);
            buffer.Raw(",\"mseq\":"u8);
            buffer.Number(push.Mseq);
        }

        if (push.Cid is not null) Member(ref buffer, ",\"cid\":"u8, push.Cid);
        if (push.Ext is not null)
        {
            buffer.Raw(",\"ext\":"u8);
            buffer.Raw(System.Text.Encoding.UTF8.GetBytes(push.Ext));
        }

        buffer.Raw(",\"ts\":"u8);
        buffer.Number(push.TimestampMs);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>count {conv,members}</c>: instead of enter and exit in large rooms.</summary>
    public static byte[] Count(string seq, string conversation, long members)
    {
        var buffer = Begin(seq, CommandNames.Count);
        Member(ref buffer, "{\"conv\":"u8, conversation);
        buffer.Raw(",\"members\":"u8);
        buffer.Number(members);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>receipt {conv,user,delivered,read}</c>: how far another member has the conversation.</summary>
    public static byte[] Receipt(string seq, string conversation, string user, long delivered, long read)
    {
        var buffer = Begin(seq, CommandNames.Receipt);
        Member(ref buffer, "{\"conv\":"u8, conversation);
        Member(ref buffer, ",\"user\":"u8, user);
        Mark(ref buffer, ",\"delivered\":"u8, delivered);
        Mark(ref buffer, ",\"read\":"u8, read);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>read {conv,mseq}</c>: another device of the same user has read so far.</summary>
    public static byte[] Read(string seq, string conversation, long mseq)
    {
        var buffer = Begin(seq, CommandNames.Read);
        Member(ref buffer, "{\"conv\":"u8, conversation);
        buffer.Raw(",\"mseq\":"u8);
        buffer.Number(mseq);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>typing {conv,user,state}</c>.</summary>
    public static byte[] Typing(string seq, string conversation, string user, string state)
    {
        var buffer = Begin(seq, CommandNames.Typing);
        Member(ref buffer, "{\"conv\":"u8, conversation);
        Member(ref buffer, ",\"user\":"u8, user);
        Member(ref buffer, ",\"state\":"u8, state);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>kicked {reason,platform,device}</c>: who took the place, or which operator's reason.</summary>
    public static byte[] Kicked(string seq, string reason, string? platform, string? device)
    {
        var buffer = Begin(seq, CommandNames.Kicked);
        Member(ref buffer, "{\"reason\":"u8, reason);
        if (platform is not null) Member(ref buffer, ",\"platform\":"u8, platform);
        if (device is not null) Member(ref buffer, ",\"device\":"u8, device);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>goaway {reason,afterMs}</c>: the node drains.</summary>
    public static byte[] GoAway(string seq, string reason, long afterMs)
    {
        var buffer = Begin(seq, CommandNames.GoAway);
        Member(ref buffer, "{\"reason\":"u8, reason);
        buffer.Raw(",\"afterMs\":"u8);
        buffer.Number(afterMs);
        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary><c>sync_required {convs}</c>: records of these were not queued, the reader was slow.</summary>
    public static byte[] SyncRequired(string seq, IEnumerable<string> conversations)
    {
        var buffer = Begin(seq, CommandNames.SyncRequired);
        var separator = "{\"convs\":["u8;
        foreach (var conversation in conversations)
        {
            Member(ref buffer, separator, conversation);
            separator = ","u8;
        }

        buffer.Raw("]}}}"u8);
        return buffer.ToTextFrame();
    }

    /// <summary>Begins a push; what follows is its data, then two closing braces.</summary>
    public static WireBuffer Begin(string seq, string command) => ReplyWriter.Begin(seq, command, ReplyCode.Success, "Ok");

    private static WireBuffer BeginMessage(PushContent push)
    {
        var buffer = Begin(push.Seq, push.Command);
        Member(ref buffer, "{\"target\":\"\",\"type\":"u8, push.Type);
        Member(ref buffer, ",\"msg\":"u8, push.Text);
        Member(ref buffer, ",\"from\":"u8, push.From);
        return buffer;
    }

    /// <summary>0 says nothing and is left out.</summary>
    private static void Mark(ref WireBuffer buffer, ReadOnlySpan<byte> name, long mseq)
    {
        if (mseq == 0) return;
        buffer.Raw(name);
        buffer.Number(mseq);
    }

    private static void Member(ref WireBuffer buffer, ReadOnlySpan<byte> name, string value)
    {
        buffer.Raw(name);
        buffer.Text(value);
    }
}
