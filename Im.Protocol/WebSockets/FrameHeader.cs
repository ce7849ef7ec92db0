using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Im.Protocol.WebSockets;

/// <summary>The header of a client's frame, RFC 6455 §5.2: 6, 8 or 14 bytes with the masking key.</summary>
internal readonly record struct FrameHeader(Opcode Opcode, bool IsFinal, long PayloadLength, uint MaskingKey)
{
    public const int MaxBytes = 14;

    private const int Length16 = 126;
    private const int Length64 = 127;

    public bool IsControl => IsControlOpcode(Opcode);

    /// <summary>How long the header is, as far as these first bytes tell.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes) => bytes.Length < 2 ? 2 : (bytes[1] & 0x7F) switch
    {
        Length16 => 8,
        Length64 => 14,
        _ => 6,
    };

    /// <summary>Checks as much of a header as has come in, so that a wrong one is refused at its first wrong byte.</summary>
    /// <param name="isMessageOpen">A fragmented message waits for its continuation (§5.4).</param>
    public static Violation? Check(ReadOnlySpan<byte> bytes, bool isMessageOpen)
    {
        if (bytes.Length == 0) return null;
        var violation = CheckFirst(bytes[0], isMessageOpen);
        if (violation is not null || bytes.Length == 1) return violation;
        if ((bytes[1] & 0x80) == 0) return Violation.NotMasked;
        var length = bytes[1] & 0x7F;
        if (length < Length16) return null;
        if (IsControlOpcode((Opcode)(bytes[0] & 0x0F))) return Violation.LongControl;
        return CheckLength(bytes[2..], length);
    }

    /// <summary>Reads a whole header that passed <see cref="Check"/>.</summary>
    public static FrameHeader Parse(ReadOnlySpan<byte> bytes)
    {
        var headerLength = LengthOf(bytes);
        var length = headerLength switch
        {
            8 => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            14 => BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            _ => bytes[1] & 0x7F,
        };
        return new FrameHeader((Opcode)(bytes[0] & 0x0F), (bytes[0] & 0x80) != 0, length, MemoryMarshal.Read<uint>(bytes[(headerLength - 4)..]));
    }

    /// <summary>§5.2 RSV and opcode, §5.4 order of fragments, §5.5 control frames are never fragmented.</summary>
    private static Violation? CheckFirst(byte first, bool isMessageOpen)
    {
        if ((first & 0x70) != 0) return Violation.ReservedBits;
        var isFinal = (first & 0x80) != 0;
        return (Opcode)(first & 0x0F) switch
        {
            Opcode.Continuation => isMessageOpen ? null : Violation.NothingToContinue,
            Opcode.Text or Opcode.Binary => isMessageOpen ? Violation.MessageIsOpen : null,
            Opcode.Close or Opcode.Ping or Opcode.Pong => isFinal ? null : Violation.FragmentedControl,
            _ => Violation.ReservedOpcode,
        };
    }

    /// <summary>§5.2: the shortest form must be used, and the highest bit of the long one is 0.</summary>
    private static Violation? CheckLength(ReadOnlySpan<byte> extended, int form)
    {
        if (form == Length16)
        {
            return extended.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(extended) < Length16 ? Violation.LengthNotMinimal : null;
        }

        if (extended.Length > 0 && (extended[0] & 0x80) != 0) return Violation.LengthOverflow;
        return extended.Length >= 8 && BinaryPrimitives.ReadUInt64BigEndian(extended) <= ushort.MaxValue ? Violation.LengthNotMinimal : null;
    }

    private static bool IsControlOpcode(Opcode opcode) => ((byte)opcode & 0x8) != 0;
}
