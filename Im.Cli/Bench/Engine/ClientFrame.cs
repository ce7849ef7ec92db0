using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Im.Protocol.WebSockets;

namespace Im.Cli.Bench.Engine;

/// <summary>Writes frames of a client: final and masked (RFC 6455 §5.3). The key is random per connection, not per frame: a load tool hides nothing from a proxy.</summary>
internal static class ClientFrame
{
    /// <summary>Longest header: 10 bytes and the mask key.</summary>
    public const int MaxHeaderBytes = 14;

    /// <summary>Writes header and masked payload; <paramref name="target"/> has <see cref="MaxHeaderBytes"/> more than the payload. Returns the bytes written.</summary>
    public static int Write(Span<byte> target, Opcode opcode, uint mask, ReadOnlySpan<byte> payload)
    {
        var header = FrameWriter.WriteHeader(target, opcode, payload.Length);
        target[1] |= 0x80;
        BinaryPrimitives.WriteUInt32LittleEndian(target[header..], mask);
        header += 4;
        Mask(payload, target[header..], mask);
        return header + payload.Length;
    }

    /// <summary>The first byte meets the lowest byte of the key, which is the first on the wire.</summary>
    public static void Mask(ReadOnlySpan<byte> source, Span<byte> target, uint mask)
    {
        var keys = new Vector<uint>(mask).As<uint, byte>();
        var at = 0;
        for (; at + Vector<byte>.Count <= source.Length; at += Vector<byte>.Count)
        {
            (new Vector<byte>(source[at..]) ^ keys).CopyTo(target[at..]);
        }
        var key = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in mask));
        for (; at < source.Length; at++) target[at] = (byte)(source[at] ^ key[at & 3]);
    }
}
