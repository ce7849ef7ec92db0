using System.Text;
using BenchmarkDotNet.Attributes;
using Im.Protocol.WebSockets;

namespace Im.Benchmarks;

/// <summary>RFC 6455: one masked text message in, one text frame out.</summary>
public class FramingBenchmarks
{
    private readonly FrameParser _parser = new(64 * 1024);
    private byte[] _masked = [];
    private byte[] _input = [];
    private byte[] _payload = [];

    [Params(125, 1_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _payload = Encoding.UTF8.GetBytes(new string('a', Bytes));
        byte[] key = [1, 2, 3, 4];
        byte[] header = Bytes < 126 ? [0x81, (byte)(0x80 | Bytes)] : [0x81, 0x80 | 126, (byte)(Bytes >> 8), (byte)Bytes];
        _masked = [.. header, .. key, .. _payload.Select((value, i) => (byte)(value ^ key[i & 3]))];
        _input = new byte[_masked.Length];
    }

    /// <summary>With the copy that a receive would be, since the parser unmasks in place.</summary>
    [Benchmark]
    public int Parse()
    {
        _masked.CopyTo(_input, 0);
        var input = _input.AsSpan();
        return _parser.Read(ref input).Payload.Length;
    }

    [Benchmark]
    public byte[] Encode() => FrameWriter.Encode(Opcode.Text, _payload);
}
