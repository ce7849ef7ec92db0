using Im.Cli.Bench.Engine;
using Im.Protocol.WebSockets;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class FrameReaderSpecs
{
    [Theory]
    [InlineData(0)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void Should_read_a_whole_frame_of_any_length(int length)
    {
        var wire = FrameWriter.Encode(Opcode.Text, new byte[length]);
        FrameReader.TryRead([.. wire, 0x81], out var frame).ShouldBe(FrameStatus.Complete);
        frame.ShouldBe(new FrameView(Opcode.Text, true, wire.Length - length, length));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(300)]
    [InlineData(70_000)]
    public void Should_wait_when_any_byte_is_missing(int length)
    {
        var wire = FrameWriter.Encode(Opcode.Text, new byte[length]);
        foreach (var cut in new[] { 0, 1, 2, 3, 9, wire.Length - 1 })
        {
            if (cut < wire.Length) FrameReader.TryRead(wire.AsSpan(0, cut), out _).ShouldBe(FrameStatus.Incomplete, $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xC1, 0x00 })]
    [InlineData(new byte[] { 0x81, 0x80, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 0x81, 127, 0xFF, 0, 0, 0, 0, 0, 0, 0 })]
    public void Should_refuse_what_a_server_must_not_send(byte[] wire) => FrameReader.TryRead(wire, out _).ShouldBe(FrameStatus.Invalid);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(200)]
    public void Should_mask_each_byte_with_its_byte_of_the_key(int length)
    {
        var payload = Enumerable.Range(0, length).Select(n => (byte)n).ToArray();
        var wire = new byte[length + ClientFrame.MaxHeaderBytes];
        var written = ClientFrame.Write(wire, Opcode.Text, 0x04030201, payload);
        var header = written - length;
        (wire[1] & 0x80).ShouldBe(0x80);
        wire.AsSpan(header - 4, 4).ToArray().ShouldBe([1, 2, 3, 4]);
        wire.AsSpan(header, length).ToArray().Select((value, place) => (byte)(value ^ (place % 4 + 1))).ShouldBe(payload);
    }

    [Fact]
    public void Should_compute_the_accept_key_of_the_rfc() => ClientHandshake.AcceptFor("dGhlIHNhbXBsZSBub25jZQ==").ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
