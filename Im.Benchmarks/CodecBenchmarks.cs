using BenchmarkDotNet.Attributes;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Benchmarks;

/// <summary>JSON of one <c>msg</c>: read from its sender, written as the push of its record and as the reply.</summary>
public class CodecBenchmarks
{
    private static readonly byte[] Request =
        """{"seq":"17","cmd":"msg","data":{"conv":"r:lobby","cid":"0f3f1c2a-6b","type":"text","msg":"The quick brown fox jumps over the lazy dog"}}"""u8.ToArray();

    private readonly StoredRecord _record = new(42, "01JDQ0Z7Q4M7Y3W8V5X2N9K6BC", "alice", "alice", "0f3f1c2a-6b", "text", "The quick brown fox jumps over the lazy dog", null, 1_764_288_000_000);
    private readonly byte[] _replyData = """{"mid":"01JDQ0Z7Q4M7Y3W8V5X2N9K6BC","conv":"r:lobby","epoch":"k1","mseq":42,"ts":1764288000000,"dup":false,"d":"disk"}"""u8.ToArray();

    [Benchmark]
    public bool ReadMessage() =>
        RequestEnvelope.TryRead(Request, out var envelope) && MessageData.TryRead(envelope.Data.Span, out _, out _);

    [Benchmark]
    public byte[] WritePush() => RecordWriter.Push(_record, "r:lobby", "k1");

    [Benchmark]
    public byte[] WriteReply() => ReplyWriter.Reply("17", "msg", ReplyCode.Success, _replyData);
}
