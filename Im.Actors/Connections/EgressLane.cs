using System.Collections.Concurrent;

namespace Im.Actors.Connections;

/// <summary>Work that an egress lane runs on its own thread: a fan-out, or a change of what it fans out to.</summary>
public abstract class LaneJob
{
    protected internal abstract void Run(EgressLane lane);
}

/// <summary>
/// One thread that writes to its share of the node's sockets. It takes jobs (offer this frame to those members) and
/// flushes slots that have something to write; batching comes from backlog alone, so an idle lane adds no latency.
/// </summary>
/// <remarks>
/// The job queue is bounded by admission: <see cref="Backlog"/> is what publishers look at before they add a fan-out
/// (see RelayActor); changes of membership always pass.
/// </remarks>
public sealed class EgressLane : IDisposable
{
    private const int ScratchBytes = 64 * 1024;

    /// <summary>Between jobs the lane writes, so that a burst of fan-outs does not fill slots whose sockets have room.</summary>
    private const int JobsPerTurn = 32;

    private const int FlushesPerTurn = 256;

    private readonly ConcurrentQueue<LaneJob> _jobs = new();
    private readonly ConcurrentQueue<OutboundSlot> _flushes = new();
    private readonly Queue<OutboundSlot> _ownFlushes = new();
    private readonly ManualResetEventSlim _wake = new(false, spinCount: 0);
    private readonly Thread _thread;
    private int _sleeping;
    private int _backlog;
    private volatile bool _stopped;
    private readonly Action<Exception> _failed;

    /// <param name="failed">Told of a job or flush that threw; the lane goes on, since thousands of others wait for it.</param>
    public EgressLane(int index, TimerWheel wheel, Action<Exception>? failed = null)
    {
        Index = index;
        Wheel = wheel;
        _failed = failed ?? (_ => { });
        Scratch = GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);
        _thread = new Thread(Run) { IsBackground = true, Name = $"im-egress-{index}" };
        _thread.Start();
    }

    public int Index { get; }

    public TimerWheel Wheel { get; }

    /// <summary>Deliveries (members times frames) that wait in the job queue.</summary>
    public int Backlog => Volatile.Read(ref _backlog);

    internal byte[] Scratch { get; }

    public void Post(LaneJob job, int deliveries = 0)
    {
        Interlocked.Add(ref _backlog, deliveries);
        _jobs.Enqueue(job);
        Wake();
    }

    /// <summary>Called on the lane's own thread by a fan-out when its deliveries have been offered.</summary>
    internal void Done(int deliveries) => Interlocked.Add(ref _backlog, -deliveries);

    /// <summary>Any thread: the slot has something to write.</summary>
    internal void QueueFlush(OutboundSlot slot)
    {
        _flushes.Enqueue(slot);
        Wake();
    }

    /// <summary>Lane thread only: offers a frame; a refused one is the caller's to act on.</summary>
    internal OfferResult Offer(OutboundSlot slot, Frame frame, WriteTicket? ticket = null)
    {
        if (slot.OfferOnLane(frame, ticket, Scratch, out var result)) _ownFlushes.Enqueue(slot);
        return result;
    }

    public void Dispose()
    {
        _stopped = true;
        _wake.Set();
        if (Thread.CurrentThread != _thread) _thread.Join(TimeSpan.FromSeconds(5));
        _wake.Dispose();
    }

    private void Run()
    {
        while (!_stopped)
        {
            var worked = false;
            for (var i = 0; i < JobsPerTurn && _jobs.TryDequeue(out var job); i++)
            {
                Run(job);
                worked = true;
            }

            for (var i = 0; i < FlushesPerTurn && (_ownFlushes.TryDequeue(out var slot) || _flushes.TryDequeue(out slot)); i++)
            {
                Flush(slot);
                worked = true;
            }

            if (!worked) Sleep();
        }
    }

    private void Run(LaneJob job)
    {
        try
        {
            job.Run(this);
        }
        catch (Exception e)
        {
            _failed(e);
        }
    }

    /// <summary>A socket that cannot be written is ended; nobody else is harmed.</summary>
    private void Flush(OutboundSlot slot)
    {
        try
        {
            slot.Flush(Scratch);
        }
        catch (Exception e)
        {
            _failed(e);
            slot.Transport.Abort();
        }
    }

    private void Sleep()
    {
        _wake.Reset();
        Interlocked.Exchange(ref _sleeping, 1);
        if (_jobs.IsEmpty && _flushes.IsEmpty && _ownFlushes.Count == 0 && !_stopped) _wake.Wait();
        Interlocked.Exchange(ref _sleeping, 0);
    }

    private void Wake()
    {
        if (Volatile.Read(ref _sleeping) == 1) _wake.Set();
    }
}
