using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

public sealed class FrameParserSpecs
{
    [Fact]
    public void Should_say_the_same_however_the_input_is_cut()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var stream = RandomStream(random);

            var whole = Parse(stream, () => int.MaxValue);
            Parse(stream, () => 1).ShouldBe(whole, $"seed {seed}, byte by byte");
            Parse(stream, () => random.Next(1, 40)).ShouldBe(whole, $"seed {seed}, in pieces");
        }
    }

    [Fact]
    public void Should_be_idle_between_messages_only()
    {
        var parser = new FrameParser(1024);
        parser.IsIdle.ShouldBeTrue();
        Feed(parser, ClientFrames.Text("a", final: false));
        parser.IsIdle.ShouldBeFalse();
        Feed(parser, ClientFrames.Continuation("b", final: true)[..1]);
        parser.IsIdle.ShouldBeFalse();
        Feed(parser, ClientFrames.Continuation("b", final: true)[1..]);
        parser.IsIdle.ShouldBeTrue();
        Feed(parser, ClientFrames.Ping("x")[..4]);
        parser.IsIdle.ShouldBeFalse();
        Feed(parser, ClientFrames.Ping("x")[4..]);
        parser.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void Should_hand_out_a_whole_message_without_copying_it()
    {
        var parser = new FrameParser(1024);
        var bytes = ClientFrames.Text("in place");
        var input = bytes.AsSpan();

        var read = parser.Read(ref input);

        read.Payload.Overlaps(bytes).ShouldBeTrue();
        input.Length.ShouldBe(0);
    }

    [Fact]
    public void Should_throw_away_all_input_when_a_rule_was_broken()
    {
        var parser = new FrameParser(1024);
        var input = ClientFrames.Join([0x83], ClientFrames.Text("behind")).AsSpan();

        parser.Read(ref input).Violation.ShouldBe(Violation.ReservedOpcode);
        input.Length.ShouldBe(0);
        input = ClientFrames.Text("later").AsSpan();

        parser.Read(ref input).Violation.ShouldBe(Violation.ReservedOpcode);
        parser.IsIdle.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(64 * 1024, 1024)]
    [InlineData(16 * 1024 * 1024, 256 * 1024)]
    public void Should_allow_a_frame_for_every_64_bytes_of_the_largest_message(int messageMaxBytes, int fragmentsMaxCount)
    {
        var parser = new FrameParser(messageMaxBytes);
        var head = ClientFrames.Binary([], final: false);
        var next = ClientFrames.Continuation([], final: false);

        for (var count = 1; count <= fragmentsMaxCount; count++)
        {
            var input = (count == 1 ? head : next).AsSpan();
            parser.Read(ref input).Violation.ShouldBeNull($"fragment {count}");
        }

        var above = next.AsSpan();
        parser.Read(ref above).Violation.ShouldBe(Violation.TooManyFragments);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void Should_unmask_any_stretch_as_byte_by_byte(int skipped)
    {
        var random = new Random(skipped);
        for (var length = 0; length < 200; length++)
        {
            var plain = new byte[length];
            random.NextBytes(plain);
            byte[] key = [0x12, 0x34, 0x56, 0x78];
            byte[] masked = [.. plain.Select((value, i) => (byte)(value ^ key[i & 3]))];
            var cut = Math.Min(skipped, length);

            var turned = Masking.Apply(masked.AsSpan(0, cut), BitConverter.ToUInt32(key));
            Masking.Apply(masked.AsSpan(cut), turned);

            masked.ShouldBe(plain);
        }
    }

    private static void Feed(FrameParser parser, byte[] bytes)
    {
        var input = bytes.AsSpan();
        while (parser.Read(ref input).Kind != ClientInputKind.NeedMore)
        {
        }
    }

    private static List<string> Parse(byte[] stream, Func<int> nextLength)
    {
        var parser = new FrameParser(4096);
        var said = new List<string>();
        for (var at = 0; at < stream.Length;)
        {
            var length = Math.Min(nextLength(), stream.Length - at);
            var input = stream.AsSpan(at, length).ToArray().AsSpan();
            at += length;
            while (true)
            {
                var read = parser.Read(ref input);
                if (read.Kind == ClientInputKind.NeedMore) break;
                said.Add($"{read.Kind} {read.CloseCode} {read.Violation?.Reason} {Convert.ToHexString(read.Payload)}");
                if (read.Kind == ClientInputKind.Violation) return said;
            }
        }

        return said;
    }

    /// <summary>Mostly good frames, so that the rules about their order come into play.</summary>
    private static byte[] RandomStream(Random random)
    {
        var parts = new List<byte[]>();
        var isOpen = false;
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var final = random.Next(2) == 0;
            var payload = new byte[random.Next(3) == 0 ? random.Next(300) : random.Next(12)];
            random.NextBytes(payload);
            if (random.Next(3) > 0) payload = [.. payload.Select(value => (byte)(value & 0x7F))];
            var isControl = random.Next(4) == 0;
            if (isControl) parts.Add(ClientFrames.Encode(random.Next(5) == 0 ? Opcode.Close : Opcode.Ping, payload[..Math.Min(payload.Length, 125)]));
            else parts.Add(ClientFrames.Encode(isOpen ? Opcode.Continuation : random.Next(2) == 0 ? Opcode.Text : Opcode.Binary, payload, final));
            if (!isControl) isOpen = !final;
        }

        var stream = ClientFrames.Join([.. parts]);
        if (random.Next(3) == 0) stream[random.Next(stream.Length)] ^= (byte)(1 << random.Next(8));
        return stream;
    }
}
