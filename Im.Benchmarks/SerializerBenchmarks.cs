using Akka.Actor;
using BenchmarkDotNet.Attributes;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Serialization;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Benchmarks;

/// <summary>What crosses between nodes: a batch of one room message, and a push to a user's session.</summary>
public class SerializerBenchmarks
{
    private ActorSystem _system = null!;
    private ClusterMessageSerializer _serializer = null!;
    private TopicBatch _batch = null!;
    private SessionCommands.Push _push = null!;
    private byte[] _batchBytes = [];
    private byte[] _pushBytes = [];

    [GlobalSetup]
    public void Setup()
    {
        _system = ActorSystem.Create("bench");
        _serializer = new ClusterMessageSerializer((ExtendedActorSystem)_system);
        var app = new AppId(101);
        var content = new PushContent("m", "msg", "text", new string('a', 200), "bob", "r:tea", "k1", 42, null, null, 0);
        var frames = new PushFrames(new Frame(PushWriter.Level0(content), FrameKind.Record, "r:tea"), new Frame(PushWriter.Level2(content), FrameKind.Record, "r:tea"));
        _batch = new TopicBatch([new ConversationEnvelope(new ConversationKey(app, new ConversationId("r:tea")), EnvelopeKind.Record, "k1", 0, 42, "bob", 3, frames, 1_764_288_000_000)]);
        _push = new SessionCommands.Push(new UserKey(app, new UserId("alice")), "01JDQ0Z7Q4M7Y3W8V5X2N9K6BC", frames, [], ActorRefs.Nobody);
        _batchBytes = _serializer.ToBinary(_batch);
        _pushBytes = _serializer.ToBinary(_push);
    }

    [GlobalCleanup]
    public void Cleanup() => _system.Terminate().Wait();

    [Benchmark]
    public byte[] WriteBatch() => _serializer.ToBinary(_batch);

    [Benchmark]
    public object ReadBatch() => _serializer.FromBinary(_batchBytes, _serializer.Manifest(_batch));

    [Benchmark]
    public byte[] WritePush() => _serializer.ToBinary(_push);

    [Benchmark]
    public object ReadPush() => _serializer.FromBinary(_pushBytes, _serializer.Manifest(_push));
}
