using System.Buffers.Binary;
using Im.Protocol.WebSockets;

namespace Im.Cli.Bench.Engine;

internal enum FrameStatus
{
    Complete,
    Incomplete,
    Invalid,
}

/// <summary>One frame in a buffer: the payload lies at <see cref="HeaderLength"/>.</summary>
internal readonly record struct FrameView(Opcode Opcode, bool Final, int HeaderLength, int PayloadLength)
{
    public int Length => HeaderLength + PayloadLength;
}

/// <summary>Reads frames of a server: never masked, no extension (RFC 6455 §5.1, §5.2).</summary>
internal static class FrameReader
{
    /// <summary>Larger frames are refused: nothing that is measured here comes near.</summary>
    public const int MaxPayloadBytes = 16 * 1024 * 1024;

    public static FrameStatus TryRead(ReadOnlySpan<byte> data, out FrameView frame)
    {
        frame = default;
        if (data.Length < 2) return FrameStatus.Incomplete;
        if ((data[0] & 0x70) != 0 || (data[1] & 0x80) != 0) return FrameStatus.Invalid;
        var headerLength = 2;
        long length = data[1];
        if (length == 126)
        {
            if (data.Length < 4) return FrameStatus.Incomplete;
            length = BinaryPrimitives.ReadUInt16BigEndian(data[2..]);
            headerLength = 4;
        }
        else if (length == 127)
        {
            if (data.Length < 10) return FrameStatus.Incomplete;
            length = BinaryPrimitives.ReadInt64BigEndian(data[2..]);
            headerLength = 10;
        }
        if (length is < 0 or > MaxPayloadBytes) return FrameStatus.Invalid;
        frame = new FrameView((Opcode)(data[0] & 0x0F), (data[0] & 0x80) != 0, headerLength, (int)length);
        return data.Length >= frame.Length ? FrameStatus.Complete : FrameStatus.Incomplete;
    }
}
