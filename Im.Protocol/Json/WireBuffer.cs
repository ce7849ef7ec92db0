using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Im.Protocol.WebSockets;

namespace Im.Protocol.Json;

/// <summary>
/// Writes one JSON text message into a buffer of the thread and makes the finished WebSocket frame of it. By hand,
/// because the seed's escaping is part of the wire: compact, non-ASCII raw, <c>&lt; &gt; &amp;</c> and U+2028/9 as
/// lower-case <c>\u</c> escapes.
/// </summary>
public ref struct WireBuffer
{
    [ThreadStatic]
    private static byte[]? s_buffer;

    private const string Hex = "0123456789abcdef";

    /// <summary>Characters of UTF-16 that do not go to the wire as they are.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 32).Select(c => (char)c)) + "\"\\<>&\u2028\u2029");

    private byte[] _buffer;
    private int _length;

    public static WireBuffer Create() => new() { _buffer = s_buffer ??= new byte[4096] };

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Raw(scoped ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        _length += utf8.Length;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        _length += written;
    }

    /// <summary>A JSON string with its quotes.</summary>
    public void Text(scoped ReadOnlySpan<char> text)
    {
        // Worst case is six bytes for one character of UTF-16 (\u003c).
        Reserve(text.Length * 6 + 2);
        _buffer[_length++] = (byte)'"';
        while (true)
        {
            var plain = text.IndexOfAny(Escaped);
            _length += Encoding.UTF8.GetBytes(plain < 0 ? text : text[..plain], _buffer.AsSpan(_length));
            if (plain < 0) break;
            Escape(text[plain]);
            text = text[(plain + 1)..];
        }

        _buffer[_length++] = (byte)'"';
    }

    /// <summary>JSON that is ready, as text.</summary>
    public void Utf8(scoped ReadOnlySpan<char> json)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(json.Length));
        _length += Encoding.UTF8.GetBytes(json, _buffer.AsSpan(_length));
    }

    /// <summary>The text frame; the buffer is free for the next message then.</summary>
    public readonly byte[] ToTextFrame() => FrameWriter.Encode(Opcode.Text, Written);

    private void Escape(char c)
    {
        var target = _buffer.AsSpan(_length);
        target[0] = (byte)'\\';
        switch (c)
        {
            case '"' or '\\': target[1] = (byte)c; _length += 2; return;
            case '\n': target[1] = (byte)'n'; _length += 2; return;
            case '\r': target[1] = (byte)'r'; _length += 2; return;
            case '\t': target[1] = (byte)'t'; _length += 2; return;
        }

        target[1] = (byte)'u';
        for (var i = 0; i < 4; i++) target[2 + i] = (byte)Hex[(c >> (12 - 4 * i)) & 15];
        _length += 6;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
            if (_buffer.Length <= 1 << 20) s_buffer = _buffer;
        }

        return _buffer.AsSpan(_length);
    }
}
