using System.Buffers.Binary;
using Im.Protocol.WebSockets;

namespace Im.Tests.Support;

/// <summary>One frame as a peer reads it from the server's bytes.</summary>
internal sealed record ServerFrame(Opcode Opcode, byte[] Payload)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Payload);

    /// <summary>Of a close frame; 1005 when it has no body.</summary>
    public int CloseCode => Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}

/// <summary>Cuts a stream of server bytes (final and unmasked frames only) into frames, however the bytes were split.</summary>
internal sealed class ServerFrames
{
    private readonly List<byte> _rest = [];

    /// <summary>Bytes of a frame that has not come whole.</summary>
    public int RestCount => _rest.Count;

    public IEnumerable<ServerFrame> Read(ReadOnlySpan<byte> bytes)
    {
        _rest.AddRange(bytes);
        var frames = new List<ServerFrame>();
        while (TryCut() is { } frame) frames.Add(frame);
        return frames;
    }

    private ServerFrame? TryCut()
    {
        var bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rest);
        if (bytes.Length < 2) return null;
        if ((bytes[0] & 0xF0) != 0x80 || (bytes[1] & 0x80) != 0) throw new InvalidOperationException($"A server frame begins with {bytes[0]:x2}{bytes[1]:x2}.");
        var header = bytes[1] switch { < 126 => 2, 126 => 4, _ => 10 };
        if (bytes.Length < header) return null;
        var length = header switch
        {
            2 => bytes[1],
            4 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            _ => (int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
        };
        if (bytes.Length < header + length) return null;
        var frame = new ServerFrame((Opcode)(bytes[0] & 0xF), bytes.Slice(header, length).ToArray());
        _rest.RemoveRange(0, header + length);
        return frame;
    }
}
