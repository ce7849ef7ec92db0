using Im.Protocol.WebSockets;
using Im.Tests.Support;
using static Im.Tests.Sockets.Rfc6455Case;

namespace Im.Tests.Sockets;

/// <summary>RFC 6455 §5.2–§5.6: lengths, masks, reserved bits and opcodes, control frames, fragments.</summary>
internal static class FramingCases
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 7, 8, 31, 33, 63, 125, 126, 127, 128, 255, 256, 1000, 4095, 4096, 32_768, 65_534, 65_535, 65_536];

    public static IEnumerable<Rfc6455Case> All() =>
        [.. OfLengths(), .. OfLengthForms(), .. OfMasks(), .. OfPings(), .. OfReservedBits(), .. OfReservedOpcodes(), .. OfFragments()];

    private static IEnumerable<Rfc6455Case> OfLengths()
    {
        foreach (var length in Lengths)
        {
            var bytes = Pattern(length);
            yield return Answered($"text of {length} bytes", ClientFrames.Text(bytes), Rfc6455Answer.Text(bytes));
            var raw = Pattern(length, 0xFE);
            yield return Answered($"binary of {length} bytes", ClientFrames.Binary(raw), Rfc6455Answer.Binary(raw));
        }

        var full = Pattern(65_536);
        yield return Refused("text of one byte too many, at its header", 1009, ClientFrames.Encode(Opcode.Text, [], announced: 65_537));
        yield return Refused("binary of 2^62 bytes, at its header", 1009, ClientFrames.Encode(Opcode.Binary, [], announced: 1UL << 62));
        yield return Refused("fragments that pass the limit together", 1009,
            ClientFrames.Join(ClientFrames.Binary(full, final: false), ClientFrames.Encode(Opcode.Continuation, [], announced: 1)));
        yield return Answered("fragments that meet the limit together",
            ClientFrames.Join(ClientFrames.Binary(full[..65_000], final: false), ClientFrames.Continuation(full[65_000..], final: true)), Rfc6455Answer.Binary(full));
    }

    private static IEnumerable<Rfc6455Case> OfLengthForms()
    {
        yield return Refused("16-bit length of 125", 1002, ClientFrames.Encode(Opcode.Text, [], lengthForm: 16, announced: 125));
        yield return Refused("64-bit length of 125", 1002, ClientFrames.Encode(Opcode.Text, [], lengthForm: 64, announced: 125));
        yield return Refused("64-bit length of 65,535", 1002, ClientFrames.Encode(Opcode.Binary, [], lengthForm: 64, announced: 65_535));
        yield return Refused("64-bit length with its highest bit", 1002, [0x82, 0xFF, 0x80]);
        yield return Refused("64-bit length of all bits", 1002, ClientFrames.Encode(Opcode.Binary, [], announced: ulong.MaxValue));
    }

    private static IEnumerable<Rfc6455Case> OfMasks()
    {
        foreach (var opcode in new[] { Opcode.Text, Opcode.Binary, Opcode.Ping, Opcode.Pong, Opcode.Close })
            yield return Refused($"unmasked {opcode}", 1002, ClientFrames.Encode(opcode, [], masked: false));
        yield return Refused("unmasked text with a payload", 1002, ClientFrames.Encode(Opcode.Text, "hi"u8.ToArray(), masked: false));
        yield return Answered("mask of zeroes", [0x81, 0x82, 0, 0, 0, 0, (byte)'h', (byte)'i'], Rfc6455Answer.Text("hi"));
    }

    private static IEnumerable<Rfc6455Case> OfPings()
    {
        yield return Answered("ping without payload", ClientFrames.Ping(), Rfc6455Answer.Pong(""));
        yield return Answered("ping with text", ClientFrames.Ping("Hello, world!"), Rfc6455Answer.Pong("Hello, world!"));
        byte[] odd = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
        yield return Answered("ping with bytes that are no text", ClientFrames.Encode(Opcode.Ping, odd), new Rfc6455Answer(Opcode.Pong, odd));
        var long125 = Pattern(125, 0xFE);
        yield return Answered("ping of 125 bytes", ClientFrames.Encode(Opcode.Ping, long125), new Rfc6455Answer(Opcode.Pong, long125));
        foreach (var opcode in new[] { Opcode.Ping, Opcode.Pong, Opcode.Close })
        {
            yield return Refused($"{opcode} of 126 bytes, at its header", 1002, [(byte)(0x80 | (byte)opcode), 0xFE]);
            yield return Refused($"{opcode} with a 64-bit length, at its header", 1002, [(byte)(0x80 | (byte)opcode), 0xFF]);
            yield return Refused($"{opcode} that is not final", 1002, ClientFrames.Encode(opcode, [], final: false));
        }

        yield return Answered("pong that nobody asked for", ClientFrames.Pong());
        yield return Answered("pong with payload, then ping", ClientFrames.Join(ClientFrames.Pong("unasked"), ClientFrames.Ping("a")), Rfc6455Answer.Pong("a"));
        yield return Answered("ten pings", ClientFrames.Join([.. Enumerable.Range(0, 10).Select(i => ClientFrames.Ping($"ping {i}"))]),
            [.. Enumerable.Range(0, 10).Select(i => Rfc6455Answer.Pong($"ping {i}"))]);
    }

    private static IEnumerable<Rfc6455Case> OfReservedBits()
    {
        for (var bits = 1; bits <= 7; bits++)
        {
            yield return Refused($"RSV {bits} in a text", 1002, ClientFrames.Encode(Opcode.Text, "x"u8.ToArray(), reserved: bits));
            yield return Refused($"RSV {bits} in a ping", 1002, ClientFrames.Encode(Opcode.Ping, [], reserved: bits));
            yield return Refused($"RSV {bits} behind a good text", 1002,
                ClientFrames.Join(ClientFrames.Text("good"), [(byte)(0x82 | (bits << 4))]), Rfc6455Answer.Text("good"));
        }

        yield return Refused("RSV 4 in a close", 1002, ClientFrames.Encode(Opcode.Close, [], reserved: 4));
    }

    private static IEnumerable<Rfc6455Case> OfReservedOpcodes()
    {
        foreach (var opcode in new byte[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            yield return Refused($"opcode {opcode}", 1002, ClientFrames.Encode((Opcode)opcode, []));
            yield return Refused($"opcode {opcode} with payload behind a good text", 1002,
                ClientFrames.Join(ClientFrames.Text("good"), ClientFrames.Encode((Opcode)opcode, "bad"u8.ToArray())), Rfc6455Answer.Text("good"));
        }
    }

    private static IEnumerable<Rfc6455Case> OfFragments()
    {
        byte[] first = ClientFrames.Text("frag", final: false), last = ClientFrames.Continuation("ment", final: true);
        var whole = Rfc6455Answer.Text("fragment");
        yield return Answered("two fragments", ClientFrames.Join(first, last), whole);
        yield return Answered("ping between fragments", ClientFrames.Join(first, ClientFrames.Ping("mid"), last), Rfc6455Answer.Pong("mid"), whole);
        yield return Answered("pong between fragments", ClientFrames.Join(first, ClientFrames.Pong("mid"), last), whole);
        yield return Answered("empty fragments", ClientFrames.Join(ClientFrames.Text("", final: false), ClientFrames.Continuation("", final: false), ClientFrames.Continuation("", final: true)), Rfc6455Answer.Text(""));
        yield return Answered("empty fragments around one that is not",
            ClientFrames.Join(ClientFrames.Text("", final: false), ClientFrames.Continuation("mid", final: false), ClientFrames.Continuation("", final: true)), Rfc6455Answer.Text("mid"));
        yield return Answered("two fragmented messages",
            ClientFrames.Join(first, last, ClientFrames.Binary([1], final: false), ClientFrames.Continuation([2], final: true)), whole, Rfc6455Answer.Binary([1, 2]));
        yield return Answered("a message of bytes in frames of one", ClientFrames.Join([.. InFramesOf(1, "one by one")]), Rfc6455Answer.Text("one by one"));
        yield return Answered("pings between all of ten fragments",
            ClientFrames.Join([.. InFramesOf(1, "0123456789").SelectMany(frame => new[] { ClientFrames.Ping("p"), frame })]),
            [.. Enumerable.Repeat(Rfc6455Answer.Pong("p"), 10), Rfc6455Answer.Text("0123456789")]);

        yield return Refused("continuation first", 1002, ClientFrames.Continuation("x", final: true));
        yield return Refused("unfinished continuation first", 1002, ClientFrames.Continuation("x", final: false));
        yield return Refused("continuation behind a whole message", 1002, ClientFrames.Join(ClientFrames.Text("a"), [0x80]), Rfc6455Answer.Text("a"));
        yield return Refused("continuation behind a finished one", 1002, ClientFrames.Join(first, last, [0x00]), whole);
        yield return Refused("text inside a fragmented text", 1002, ClientFrames.Join(first, [0x81]));
        yield return Refused("binary inside a fragmented text", 1002, ClientFrames.Join(first, [0x82]));
        yield return Refused("text inside a fragmented binary", 1002, ClientFrames.Join(ClientFrames.Binary([1], final: false), [0x01]));
        yield return Refused("fragmented ping inside a fragmented text", 1002, ClientFrames.Join(first, [0x09]));
        yield return Answered("as many fragments as may be", Fragments(FrameParser.FragmentsAlwaysAllowedCount, final: true),
            Rfc6455Answer.Binary(new byte[FrameParser.FragmentsAlwaysAllowedCount]));
        yield return Refused("one fragment too many", 1009, Fragments(FrameParser.FragmentsAlwaysAllowedCount + 1, final: false));
    }

    private static byte[] Fragments(int count, bool final) => ClientFrames.Join(
        [.. Enumerable.Range(0, count).Select(i => ClientFrames.Encode(i == 0 ? Opcode.Binary : Opcode.Continuation, [0], final && i == count - 1))]);

    private static IEnumerable<byte[]> InFramesOf(int size, string text) => text.Chunk(size)
        .Select((chunk, i) => ClientFrames.Encode(i == 0 ? Opcode.Text : Opcode.Continuation, System.Text.Encoding.UTF8.GetBytes(chunk), (i + 1) * size >= text.Length));

    private static byte[] Pattern(int length, byte modulus = 0x5F) => [.. Enumerable.Range(0, length).Select(i => (byte)((i % modulus) + (modulus < 0x80 ? 0x20 : 0)))];
}
