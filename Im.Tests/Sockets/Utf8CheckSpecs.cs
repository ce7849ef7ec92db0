using System.Text.Unicode;
using Im.Protocol.WebSockets;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

public sealed class Utf8CheckSpecs
{
    /// <summary>Bytes around every border of the table in RFC 3629 §4.</summary>
    private static readonly byte[] Borders =
    [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ];

    [Fact]
    public void Should_agree_with_the_decoder_on_all_sequences_of_four_border_bytes()
    {
        var bytes = new byte[4];
        foreach (var a in Borders)
        foreach (var b in Borders)
        foreach (var c in Borders)
        foreach (var d in Borders)
        {
            (bytes[0], bytes[1], bytes[2], bytes[3]) = (a, b, c, d);
            var valid = Utf8.IsValid(bytes);
            if (IsValidInPieces(bytes, 1) != valid || IsValidInPieces(bytes, 2) != valid || IsValidInPieces(bytes, 3) != valid || IsValidInPieces(bytes, 4) != valid)
                throw new ShouldAssertException(Convert.ToHexString(bytes));
        }
    }

    [Fact]
    public void Should_fail_at_the_first_byte_that_leaves_no_way_to_a_valid_text()
    {
        var check = default(Utf8Check);

        check.Append([0xF4]).ShouldBeTrue();
        check.Append([0x90]).ShouldBeFalse();
    }

    private static bool IsValidInPieces(byte[] bytes, int pieceLength)
    {
        var check = default(Utf8Check);
        foreach (var piece in bytes.Chunk(pieceLength))
        {
            if (!check.Append(piece)) return false;
        }

        return check.IsComplete;
    }
}
