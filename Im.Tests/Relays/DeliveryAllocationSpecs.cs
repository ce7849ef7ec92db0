using System.Net;
using Im.Actors.Connections;
using Im.Actors.Connections.Streams;
using Im.Actors.Messages;
using Im.Actors.Relays;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

/// <summary>From the lane's job to the socket's write, for each member of a room: bytes, not time.</summary>
public sealed class DeliveryAllocationSpecs : IDisposable
{
    private const int MembersCount = 500;
    private const int BatchesCount = 40;

    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));

    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly IngressLane _ingress = new();
    private readonly EgressLane _lane;
    private readonly LaneRoom _room = new();
    private readonly Sink _sink = new();

    public DeliveryAllocationSpecs()
    {
        _lane = new EgressLane(0, _wheel);
        for (var i = 0; i < MembersCount; i++)
        {
            var slot = new ConnectionSlot(i + 1, _sink, _lane, _ingress, new ConnectionLimits());
            slot.Attach(new Attachment(Alice, $"n1-{i:x}", ProtocolLevel.Two, null, null, default));
            _room.Add(slot);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Should_allocate_nothing_for_a_delivery(int pushes)
    {
        await RunAsync(pushes);   // rings of the slots and of the lane grow once

        var before = await AllocatedAsync();
        await RunAsync(pushes);
        var bytes = await AllocatedAsync() - before;

        // Batches have objects of their own, and so has the wait between them; members have none.
        (bytes / (double)(BatchesCount * MembersCount)).ShouldBeLessThan(4, $"{bytes} bytes for {BatchesCount} batches of {pushes} to {MembersCount} members");
    }

    public void Dispose()
    {
        _lane.Dispose();
        _wheel.Dispose();
    }

    private async Task RunAsync(int pushes)
    {
        for (var i = 0; i < BatchesCount; i++)
        {
            var batch = new RoomBatch("r:tea", 1);
            for (var push = 0; push < pushes; push++) batch.Push(Frames(push), default, 0);
            var due = _sink.WritesCount + MembersCount;
            _lane.Post(new LaneBatchJob(_room, batch, 0, MembersCount, null), MembersCount);
            await Until.TrueAsync(() => _sink.WritesCount >= due);
        }
    }

    /// <summary>By the lane's thread since it began.</summary>
    private async Task<long> AllocatedAsync()
    {
        var probe = new Probe();
        _lane.Post(probe);
        return await probe.Allocated.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static PushFrames Frames(int number)
    {
        var content = new PushContent("m", "msg", "text", "hello", "bob", "r:tea", "k1", number + 1, null, null, 0);
        return new PushFrames(null, new Frame(PushWriter.Level2(content), FrameKind.Ephemeral));
    }

    private sealed class Probe : LaneJob
    {
        public TaskCompletionSource<long> Allocated { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected internal override void Run(EgressLane lane) => Allocated.SetResult(GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>A kernel that takes everything.</summary>
    private sealed class Sink : ISocketTransport
    {
        private int _writes;

        public int WritesCount => Volatile.Read(ref _writes);

        public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Loopback, 40_000);

        public int TryWrite(ReadOnlySpan<byte> bytes)
        {
            Interlocked.Increment(ref _writes);
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
