using System.Buffers.Binary;
using System.Text;
using Im.Protocol.WebSockets;

namespace Im.Tests.Support;

/// <summary>Writes frames as a client does, and as a client must not.</summary>
internal static class ClientFrames
{
    private static readonly byte[] Key = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text, bool final = true) => Encode(Opcode.Text, Encoding.UTF8.GetBytes(text), final);

    public static byte[] Text(byte[] bytes, bool final = true) => Encode(Opcode.Text, bytes, final);

    public static byte[] Binary(byte[] bytes, bool final = true) => Encode(Opcode.Binary, bytes, final);

    public static byte[] Continuation(string text, bool final) => Encode(Opcode.Continuation, Encoding.UTF8.GetBytes(text), final);

    public static byte[] Continuation(byte[] bytes, bool final) => Encode(Opcode.Continuation, bytes, final);

    public static byte[] Ping(string text = "") => Encode(Opcode.Ping, Encoding.UTF8.GetBytes(text));

    public static byte[] Pong(string text = "") => Encode(Opcode.Pong, Encoding.UTF8.GetBytes(text));

    public static byte[] Close(int code, string reason = "") => Close(code, Encoding.UTF8.GetBytes(reason));

    public static byte[] Close(int code, byte[] reason)
    {
        var body = new byte[2 + reason.Length];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)code);
        reason.CopyTo(body, 2);
        return Encode(Opcode.Close, body);
    }

    /// <summary>A frame with any opcode and reserved bits, masked or not, its length in any of the three forms.</summary>
    /// <param name="reserved">0–7, RSV1 is 4.</param>
    /// <param name="lengthForm">7, 16 or 64 bits; 0 takes the shortest.</param>
    /// <param name="announced">What the header says instead of the payload's real length.</param>
    public static byte[] Encode(Opcode opcode, byte[] payload, bool final = true, int reserved = 0, bool masked = true, int lengthForm = 0, ulong? announced = null)
    {
        var length = announced ?? (ulong)payload.Length;
        if (lengthForm == 0) lengthForm = length < 126 ? 7 : length <= ushort.MaxValue ? 16 : 64;
        var header = new List<byte> { (byte)((final ? 0x80 : 0) | (reserved << 4) | (byte)opcode) };
        var mask = masked ? 0x80 : 0;
        var extended = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(extended, length);
        header.Add((byte)(mask | (lengthForm == 7 ? (byte)length : lengthForm == 16 ? 126 : 127)));
        if (lengthForm != 7) header.AddRange(extended[(lengthForm == 16 ? 6 : 0)..]);
        if (!masked) return [.. header, .. payload];
        return [.. header, .. Key, .. payload.Select((value, i) => (byte)(value ^ Key[i & 3]))];
    }

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
