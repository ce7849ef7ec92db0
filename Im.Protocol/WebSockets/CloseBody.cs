using System.Buffers.Binary;
using System.Text.Unicode;

namespace Im.Protocol.WebSockets;

/// <summary>The body of a close frame, RFC 6455 §5.5.1 and §7.4.</summary>
internal static class CloseBody
{
    /// <summary>Reads the code; 1005 stands for an empty body (§7.1.5).</summary>
    public static Violation? Read(ReadOnlySpan<byte> body, out int code)
    {
        code = (int)CloseCode.NoStatus;
        if (body.Length == 0) return null;
        if (body.Length == 1) return Violation.CloseBodyTooShort;
        code = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (!MayBeSent(code)) return Violation.CloseCodeInvalid;
        return Utf8.IsValid(body[2..]) ? null : Violation.CloseReasonInvalid;
    }

    /// <summary>
    /// §7.4.1 and §7.4.2: codes with a wire form, those that IANA registered since (1012–1014), and the ranges of libraries
    /// and applications.
    /// </summary>
    private static bool MayBeSent(int code) => code is (>= 1000 and <= 1003) or (>= 1007 and <= 1014) or (>= 3000 and <= 4999);
}
