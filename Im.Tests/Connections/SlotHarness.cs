using Im.Actors.Connections;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Im.Tests.Connections;

/// <summary>One outbound slot on a real lane, over memory, with a clock that the test moves.</summary>
internal sealed class SlotHarness : IDisposable
{
    public SlotHarness(ConnectionLimits? limits = null)
    {
        Wheel = new TimerWheel(Time);
        Lane = new EgressLane(0, Wheel);
        Slot = new OutboundSlot(Transport, Lane, limits ?? new ConnectionLimits());
        Transport.Slot = Slot;
    }

    public FakeTimeProvider Time { get; } = new();

    public TimerWheel Wheel { get; }

    public EgressLane Lane { get; }

    public MemoryTransport Transport { get; } = new();

    public OutboundSlot Slot { get; }

    /// <summary>Texts and <c>close CODE</c>, as the peer reads them.</summary>
    public string[] Read() => [.. new ServerFrames().Read(Transport.Bytes).Select(frame => frame.Opcode == Opcode.Close ? $"close {frame.CloseCode}" : frame.Text)];

    public static Frame Reply(string text) => Frame(text, FrameKind.Reply, null);

    public static Frame Record(string text, string key = "r:a") => Frame(text, FrameKind.Record, key);

    public static Frame Ephemeral(string text, string? key = null) => Frame(text, FrameKind.Ephemeral, key);

    /// <summary>Until disposed the lane does nothing, so that what is offered meanwhile is written as one backlog.</summary>
    public IDisposable PauseLane() => new Pause(Lane);

    public void OfferAll(params Frame[] frames)
    {
        foreach (var frame in frames) Slot.Offer(frame);
    }

    /// <summary>Waits until the peer has read exactly these.</summary>
    public Task ReadsAsync(params string[] expected) =>
        Until.TrueAsync(() => Read().SequenceEqual(expected), () => $"Expected {string.Join(", ", expected)}, read {string.Join(", ", Read())}");

    /// <summary>A write waits for the kernel.</summary>
    public Task BlockedAsync() => Until.TrueAsync(() => Transport.IsBlocked);

    /// <summary>The kernel is full and a first frame, <c>head</c>, waits in front of everything.</summary>
    public async Task BlockAsync(string head = "head")
    {
        Transport.TakeOnly(0);
        Slot.Offer(Reply(head));
        await BlockedAsync();
    }

    public void Dispose()
    {
        Lane.Dispose();
        Wheel.Dispose();
    }

    private static Frame Frame(string text, FrameKind kind, string? key) =>
        new(FrameWriter.Encode(Opcode.Text, System.Text.Encoding.UTF8.GetBytes(text)), kind, key);

    private sealed class Pause : LaneJob, IDisposable
    {
        private readonly ManualResetEventSlim _go = new(false);
        private readonly ManualResetEventSlim _reached = new(false);

        public Pause(EgressLane lane)
        {
            lane.Post(this);
            _reached.Wait(TimeSpan.FromSeconds(30));
        }

        public void Dispose() => _go.Set();

        protected internal override void Run(EgressLane lane)
        {
            _reached.Set();
            _go.Wait(TimeSpan.FromSeconds(30));
        }
    }
}

/// <summary>Remembers what became of a frame.</summary>
internal sealed class RecordedTicket : WriteTicket
{
    private readonly List<WriteOutcome> _outcomes = [];

    public WriteOutcome[] Outcomes
    {
        get { lock (_outcomes) return [.. _outcomes]; }
    }

    public override void Complete(WriteOutcome outcome)
    {
        lock (_outcomes) _outcomes.Add(outcome);
    }
}
