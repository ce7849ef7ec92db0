using Akka.Actor;
using BenchmarkDotNet.Attributes;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Benchmarks;

/// <summary>A relay that was behind hands out 200 records to a room whose members all came in meanwhile and read them for themselves: the relay's part and one lane's.</summary>
public class RelayCatchUpBenchmarks
{
    private const int RecordsCount = 200;

    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private EgressLane _lane = null!;
    private RelayFanout _fanout = null!;
    private LocalRoom _room = null!;
    private ConnectionSlot[] _slots = [];
    private ConversationEnvelope[] _records = [];

    [Params(1_000, 4_000)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _lane = new EgressLane(0, _wheel);
        var context = new RelayContext(ActorRefs.Nobody, ActorRefs.Nobody, [_lane], 1, "n1", TimeProvider.System, null!, null!, new UserIndex(), new HeadTable(), null!, 200);
        _fanout = new RelayFanout(context);
        var key = new ConversationKey(new AppId(101), new ConversationId("r:tea"));
        _room = new LocalRoom(key, 1) { Last = 0 };
        var ingress = new IngressLane();
        _slots = [.. Enumerable.Range(1, Members).Select(i => new ConnectionSlot(i, new FullSocket(), _lane, ingress, new ConnectionLimits()))];
        foreach (var slot in _slots) _room.Lanes[0].Add(slot);
        _room.LaneCounts[0] = Members;
        _records =
        [
            .. Enumerable.Range(1, RecordsCount).Select(mseq =>
            {
                var frame = new Frame(PushWriter.Level2(new PushContent("m", "msg", "text", new string('a', 200), "bob", "r:tea", "k1", mseq, null, null, 0)), FrameKind.Record, "r:tea");
                return new ConversationEnvelope(key, EnvelopeKind.Record, "k1", 0, mseq, "bob", Members, new PushFrames(null, frame), 0);
            }),
        ];
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _lane.Dispose();
        _wheel.Dispose();
    }

    [Benchmark]
    public void CatchUp()
    {
        foreach (var slot in _slots) _room.SetPlace(slot, RecordsCount);
        foreach (var record in _records) _fanout.Push(_room, record);
        _fanout.Flush();
        var done = new Barrier();
        _lane.Post(done);
        done.Reached.Wait();
    }

    private sealed class Barrier : LaneJob
    {
        public ManualResetEventSlim Reached { get; } = new();

        protected internal override void Run(EgressLane lane) => Reached.Set();
    }

    /// <summary>Nothing is to be written.</summary>
    private sealed class FullSocket : ISocketTransport
    {
        public System.Net.IPEndPoint RemoteEndPoint { get; } = new(System.Net.IPAddress.Loopback, 40_000);

        public int TryWrite(ReadOnlySpan<byte> bytes) => throw new InvalidOperationException("Everybody reads for himself.");

        public void Write(ReadOnlyMemory<byte> chunk) => throw new InvalidOperationException("Everybody reads for himself.");

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
