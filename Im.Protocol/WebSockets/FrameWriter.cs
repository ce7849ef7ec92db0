using System.Buffers.Binary;
using System.Text;

namespace Im.Protocol.WebSockets;

/// <summary>Opcodes of RFC 6455 §5.2.</summary>
public enum Opcode : byte
{
    Continuation = 0x0,
    Text = 0x1,
    Binary = 0x2,
    Close = 0x8,
    Ping = 0x9,
    Pong = 0xA,
}

/// <summary>Writes server frames: always final, never masked (RFC 6455 §5.1).</summary>
public static class FrameWriter
{
    /// <summary>Bytes of the header for a payload of this length: 2, 4 or 10.</summary>
    public static int HeaderLength(int payloadLength) => payloadLength < 126 ? 2 : payloadLength <= ushort.MaxValue ? 4 : 10;

    /// <summary>Writes the header; <paramref name="target"/> has at least <see cref="HeaderLength"/> bytes.</summary>
    public static int WriteHeader(Span<byte> target, Opcode opcode, int payloadLength)
    {
        target[0] = (byte)(0x80 | (byte)opcode);
        switch (HeaderLength(payloadLength))
        {
            case 2:
                target[1] = (byte)payloadLength;
                return 2;
            case 4:
                target[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)payloadLength);
                return 4;
            default:
                target[1] = 127;
                BinaryPrimitives.WriteUInt64BigEndian(target[2..], (ulong)payloadLength);
                return 10;
        }
    }

    public static byte[] Encode(Opcode opcode, ReadOnlySpan<byte> payload)
    {
        var header = HeaderLength(payload.Length);
        var wire = GC.AllocateUninitializedArray<byte>(header + payload.Length);
        WriteHeader(wire, opcode, payload.Length);
        payload.CopyTo(wire.AsSpan(header));
        return wire;
    }

    /// <summary>A close frame (§5.5.1); a code without a wire form (1005, 1006) gives an empty body. The reason is cut to fit 125 bytes.</summary>
    public static byte[] Close(int code, string reason)
    {
        if (code is 1005 or 1006) return Encode(Opcode.Close, []);
        Span<byte> body = stackalloc byte[125];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)code);
        Encoding.UTF8.GetEncoder().Convert(reason, body[2..], flush: true, out _, out var used, out _);
        return Encode(Opcode.Close, body[..(2 + used)]);
    }
}
