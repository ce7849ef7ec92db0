using System.Numerics;
using System.Runtime.InteropServices;

namespace Im.Protocol.WebSockets;

/// <summary>The masking of client frames, RFC 6455 §5.3. Masking and unmasking are the same operation.</summary>
public static class Masking
{
    /// <summary>Applies the key in place, a vector at a time.</summary>
    /// <param name="key">The four key bytes in memory order.</param>
    /// <returns>The key for the bytes that follow these: turned by what this stretch used of it.</returns>
    public static uint Apply(Span<byte> bytes, uint key)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        var wide = Vector.AsVectorByte(new Vector<uint>(key));
        for (var i = 0; i < vectors.Length; i++) vectors[i] ^= wide;

        var rest = bytes[(vectors.Length * Vector<byte>.Count)..];
        var words = MemoryMarshal.Cast<byte, ulong>(rest);
        var word = ((ulong)key << 32) | key;
        for (var i = 0; i < words.Length; i++) words[i] ^= word;

        rest = rest[(words.Length * sizeof(ulong))..];
        ReadOnlySpan<byte> keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (var i = 0; i < rest.Length; i++) rest[i] ^= keyBytes[i & 3];

        return Turn(key, bytes.Length & 3);
    }

    /// <summary>The key with its first <paramref name="bytes"/> bytes moved to its end.</summary>
    private static uint Turn(uint key, int bytes) =>
        BitConverter.IsLittleEndian ? BitOperations.RotateRight(key, bytes * 8) : BitOperations.RotateLeft(key, bytes * 8);
}
