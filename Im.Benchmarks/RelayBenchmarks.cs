using System.Net;
using BenchmarkDotNet.Attributes;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Benchmarks;

/// <summary>A batch of pushes to a room of 1,000 on one lane, from its job to the writes, into a socket that takes everything.</summary>
public class RelayBenchmarks
{
    private const int MembersCount = 1_000;

    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly LaneRoom _room = new();
    private readonly Sink _sink = new();
    private EgressLane _lane = null!;
    private PushFrames[] _frames = [];

    [Params(1, 8)]
    public int Pushes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _lane = new EgressLane(0, _wheel);
        var ingress = new IngressLane();
        var user = new UserKey(new AppId(101), new UserId("alice"));
        for (var i = 0; i < MembersCount; i++)
        {
            var slot = new ConnectionSlot(i + 1, _sink, _lane, ingress, new ConnectionLimits());
            slot.Attach(new Attachment(user, $"n1-{i:x}", ProtocolLevel.Two, null, null, default));
            _room.Add(slot);
        }

        _frames =
        [
            .. Enumerable.Range(1, Pushes).Select(i => new PushFrames(null, new Frame(PushWriter.Level2(new PushContent("m", "msg", "text", new string('a', 200), "bob", "r:tea", "k1", i, null, null, 0)), FrameKind.Ephemeral))),
        ];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _lane.Dispose();
        _wheel.Dispose();
    }

    [Benchmark(OperationsPerInvoke = MembersCount)]
    public void Batch()
    {
        var batch = new RoomBatch("r:tea", 1);
        foreach (var frames in _frames) batch.Push(frames, default, 0);
        _sink.Await(MembersCount);
        _lane.Post(new LaneBatchJob(_room, batch, 0, MembersCount, null), MembersCount);
        _sink.Wait();
    }

    private sealed class Sink : ISocketTransport
    {
        private readonly ManualResetEventSlim _all = new();
        private int _left;

        public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 40_000);

        public void Await(int writes)
        {
            _all.Reset();
            Volatile.Write(ref _left, writes);
        }

        public void Wait() => _all.Wait();

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            if (Interlocked.Decrement(ref _left) == 0) _all.Set();
            return bytes.Length;
        }

        public void Write(ReadOnlyMemory<byte> chunk) => throw new InvalidOperationException("It is never full.");

        public void ResumeReading()
        {
        }

        public void CloseSent()
        {
        }

        public void Abort()
        {
        }
    }
}
