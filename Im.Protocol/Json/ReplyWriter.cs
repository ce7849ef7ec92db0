namespace Im.Protocol.Json;

/// <summary>Writes replies, <c>{"seq","cmd","response":{"code","codeMsg","data"}}</c>, as finished text frames.</summary>
public static class ReplyWriter
{
    /// <summary>The seed's answer to what is no JSON envelope: plain text.</summary>
    public static readonly byte[] IllegalData = WebSockets.FrameWriter.Encode(WebSockets.Opcode.Text, "数据不合法"u8);

    /// <param name="data">Raw JSON; empty writes null.</param>
    public static byte[] Reply(string seq, string command, ReplyCode code, ReadOnlySpan<byte> data = default) =>
        Envelope(seq, command, code, code.Text(), data.IsEmpty ? "null"u8 : data);

    /// <summary>A level 2 error with its data (protocol.md §1).</summary>
    /// <param name="field">The member at fault, or null.</param>
    /// <param name="retryAfterMs">When to try again; 0 is left out.</param>
    /// <param name="first">With RangeNotKept the first number that is kept; 0 is left out.</param>
    public static byte[] Error(string seq, string command, ReplyCode code, string? field = null, long retryAfterMs = 0, long first = 0)
    {
        var buffer = Begin(seq, command, code, code.Text());
        buffer.Raw(code.IsTemporary() ? "{\"temporary\":true"u8 : "{\"temporary\":false"u8);
        if (retryAfterMs > 0)
        {
            buffer.Raw(",\"retryAfterMs\":"u8);
            buffer.Number(retryAfterMs);
        }

        if (field is not null)
        {
            buffer.Raw(",\"field\":"u8);
            buffer.Text(field);
        }

        if (first > 0)
        {
            buffer.Raw(",\"first\":"u8);
            buffer.Number(first);
        }

        buffer.Raw("}}}"u8);
        return buffer.ToTextFrame();
    }

    internal static byte[] Envelope(string seq, string command, ReplyCode code, string text, ReadOnlySpan<byte> data)
    {
        var buffer = Begin(seq, command, code, text);
        buffer.Raw(data);
        buffer.Raw("}}"u8);
        return buffer.ToTextFrame();
    }

    internal static WireBuffer Begin(string seq, string command, ReplyCode code, string text)
    {
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"seq\":"u8);
        buffer.Text(seq);
        buffer.Raw(",\"cmd\":"u8);
        buffer.Text(command);
        buffer.Raw(",\"response\":{\"code\":"u8);
        buffer.Number((int)code);
        buffer.Raw(",\"codeMsg\":"u8);
        buffer.Text(text);
        buffer.Raw(",\"data\":"u8);
        return buffer;
    }
}
