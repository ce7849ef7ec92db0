using System.Text;
using Im.Tests.Support;
using static Im.Tests.Sockets.Rfc6455Case;

namespace Im.Tests.Sockets;

/// <summary>RFC 6455 §8.1 and RFC 3629: text is UTF-8 over all fragments, and the first wrong byte ends the connection.</summary>
internal static class TextCases
{
    private static readonly int[] ValidScalars =
    [
        0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD000, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFE, 0x3FFFF, 0x40000,
        0xFFFFF, 0x100000, 0x10FFFE, 0x10FFFF,
    ];

    private static readonly string[] ValidTexts = ["Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "你好，世界", "👋🏽👨‍👩‍👧‍👦", "а́é\u0301", "العربية עברית", "\r\n\t\0", "\uFEFFmark"];

    /// <summary>Each ends with the first byte that cannot belong to UTF-8.</summary>
    private static readonly string[] InvalidPrefixes =
    [
        "80", "BF", "C0", "C1", "F5", "F6", "F7", "F8", "FB", "FC", "FD", "FE", "FF",
        "E080", "E09F", "EDA0", "EDAF", "EDB0", "EDBF", "F080", "F08F", "F490", "F4BF",
        "C220", "C2C2", "DF7F", "DFC0", "E120", "E18020", "E1C0", "E180C0", "EF80FF", "F120", "F18020", "F1808020", "F180C0", "F48F8FC0",
        "E2828080", "F09F918B80", "CEBA80", "41FF", "C3A9C328", "E4BDA0E5A5BDFF", "EFBFBE80",
    ];

    /// <summary>A character that the end of the message cuts.</summary>
    private static readonly string[] Truncated = ["C2", "DF", "E0A0", "E1", "E180", "ED9F", "F0", "F090", "F09080", "F48F", "F48FBF", "41C3", "E4BDA0E5A5"];

    public static IEnumerable<Rfc6455Case> All() => [.. OfValid(), .. OfInvalid(), .. OfTruncated(), .. OfPlaces()];

    private static IEnumerable<Rfc6455Case> OfValid()
    {
        foreach (var scalar in ValidScalars)
        {
            var bytes = Encoding.UTF8.GetBytes(char.ConvertFromUtf32(scalar));
            yield return Answered($"U+{scalar:X4}", ClientFrames.Text(bytes), Rfc6455Answer.Text(bytes));
        }

        foreach (var text in ValidTexts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var name = Convert.ToHexString(bytes.AsSpan(0, Math.Min(8, bytes.Length)));
            yield return Answered($"text {name}…", ClientFrames.Text(bytes), Rfc6455Answer.Text(bytes));
            yield return Answered($"text {name}… in frames of one byte", PerByte(bytes), Rfc6455Answer.Text(bytes));
        }
    }

    private static IEnumerable<Rfc6455Case> OfInvalid()
    {
        foreach (var hex in InvalidPrefixes)
        {
            var bytes = Convert.FromHexString(hex);
            yield return Refused($"invalid {hex}", 1007, ClientFrames.Text(bytes));
            yield return Refused($"invalid {hex}, refused before the message goes on", 1007, ClientFrames.Text([.. bytes, .. new byte[40]])[..(6 + bytes.Length)]);
            yield return Refused($"invalid {hex} in frames of one byte", 1007, PerByte(bytes, final: false));
        }
    }

    private static IEnumerable<Rfc6455Case> OfTruncated()
    {
        foreach (var hex in Truncated)
        {
            var bytes = Convert.FromHexString(hex);
            yield return Refused($"truncated {hex}", 1007, ClientFrames.Text(bytes));
            yield return Refused($"truncated {hex}, ended by an empty fragment", 1007, ClientFrames.Join(ClientFrames.Text(bytes, final: false), ClientFrames.Continuation("", final: true)));
        }
    }

    private static IEnumerable<Rfc6455Case> OfPlaces()
    {
        var greeting = Encoding.UTF8.GetBytes("κόσμε");
        yield return Refused("invalid second fragment, refused before the third", 1007,
            ClientFrames.Join(ClientFrames.Text(greeting, final: false), ClientFrames.Continuation([0xF4, 0x90, 0x80, 0x80], final: false)));
        yield return Answered("character cut by a fragment and a ping",
            ClientFrames.Join(ClientFrames.Text([0xF0, 0x9F], final: false), ClientFrames.Ping("x"), ClientFrames.Continuation([0x91, 0x8B], final: true)),
            Rfc6455Answer.Pong("x"), Rfc6455Answer.Text("👋"));
        yield return Answered("the same bytes as binary", ClientFrames.Binary([0xF4, 0x90, 0x80, 0x80]), Rfc6455Answer.Binary([0xF4, 0x90, 0x80, 0x80]));
        yield return Refused("invalid last byte of a long text", 1007, ClientFrames.Text([.. Enumerable.Repeat((byte)'a', 60_000), 0xFF]));
        yield return Refused("invalid byte behind a good text", 1007, ClientFrames.Join(ClientFrames.Text("good"), ClientFrames.Text([0xC0])), Rfc6455Answer.Text("good"));
        yield return Answered("text after binary that was cut in a character",
            ClientFrames.Join(ClientFrames.Binary([0xE4, 0xBD]), ClientFrames.Text("a")), Rfc6455Answer.Binary([0xE4, 0xBD]), Rfc6455Answer.Text("a"));
    }

    private static byte[] PerByte(byte[] bytes, bool final = true) => ClientFrames.Join([.. bytes.Select((value, i) =>
        i == 0 ? ClientFrames.Text([value], final && bytes.Length == 1) : ClientFrames.Continuation([value], final && i == bytes.Length - 1))]);
}
