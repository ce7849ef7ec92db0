using System.Collections.Concurrent;
using Akka.Dispatch;

namespace Im.Actors.Threads;

/// <summary>Threads of its own for a dispatcher, which sleep while there is nothing to do.</summary>
/// <remarks>
/// Akka's fork-join executor lets a thread without work yield its processor some hundred times before it sleeps. That is most of what an idle
/// node does, and what its other threads wait for on a small machine. Here a thread sleeps at once, and one is woken at a time: who is woken
/// wakes the next one if it leaves something behind, so that a burst does not wake threads which then find nothing. The one that slept last is
/// woken first, for its stack is still in the processor's cache. If who wakes is itself kept from running in the midst of it, others wait for that;
/// with at most so many threads as processors that is some milliseconds on an overloaded machine. Bound: one run for each actor of the dispatcher,
/// as with every executor.
/// </remarks>
internal sealed class ParkingExecutor : ExecutorService
{
    private readonly ConcurrentQueue<IRunnable> _runs = new();
    private readonly Stack<Worker> _parked;
    private readonly Action<Exception> _onFailure;
    private volatile bool _isShutDown;

    // Both change under the lock of _parked only, but for a worker that stops looking. They are read without it: see Park.
    private volatile int _parkedCount;
    private volatile bool _isOneLooking;

    /// <param name="onFailure">Told what a run threw; the thread goes on.</param>
    public ParkingExecutor(string id, int threadsCount, Action<Exception> onFailure)
        : base(id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threadsCount, 1);
        _onFailure = onFailure;
        _parked = new Stack<Worker>(threadsCount);
        for (var number = 1; number <= threadsCount; number++) new Worker(this).Start($"{id}_{number}");
    }

    /// <summary>Threads that sleep.</summary>
    public int ParkedThreadsCount => _parkedCount;

    public override void Execute(IRunnable run)
    {
        if (_isShutDown) throw new RejectedExecutionException($"The threads of {Id} have been shut down");
        _runs.Enqueue(run);
        Interlocked.MemoryBarrier();
        // Shut down meanwhile, and the threads may have ended without having seen it: one more does.
        if (_isShutDown) new Worker(this).Start($"{Id}_last");
        else WakeOne();
    }

    /// <summary>Lets the threads end, once they have run what is waiting.</summary>
    public override void Shutdown()
    {
        _isShutDown = true;
        lock (_parked)
        {
            foreach (var worker in _parked) worker.Wake();
            _parked.Clear();
            _parkedCount = 0;
        }
    }

    private void WakeOne()
    {
        // One that is looking for work finds this too, or wakes another one.
        if (_parkedCount == 0 || _isOneLooking) return;
        Worker? worker;
        lock (_parked)
        {
            if (_isOneLooking || !_parked.TryPop(out worker)) return;
            _parkedCount = _parked.Count;
            _isOneLooking = true;
        }

        worker.Wake();
    }

    private sealed class Worker(ParkingExecutor owner)
    {
        private readonly object _sleep = new();
        private bool _isWoken;
        private bool _isLooking;

        public void Start(string name) => new Thread(RunAll) { Name = name, IsBackground = true }.UnsafeStart();

        public void Wake()
        {
            lock (_sleep)
            {
                _isWoken = true;
                Monitor.Pulse(_sleep);
            }
        }

        private void RunAll()
        {
            while (true)
            {
                // Read before the queue is: what was added before the end is then found.
                var isShutDown = owner._isShutDown;
                if (owner._runs.TryDequeue(out var run)) Run(run);
                else if (isShutDown) return;
                else Park();
            }
        }

        private void Run(IRunnable run)
        {
            if (_isLooking)
            {
                StopLooking();
                Interlocked.MemoryBarrier();
                if (!owner._runs.IsEmpty) owner.WakeOne();
            }

            try
            {
                run.Run();
            }
            catch (Exception thrown)
            {
                owner._onFailure(thrown);
            }
        }

        /// <summary>
        /// Who adds a run looks at the two counts after it; who parks looks for runs after it has changed them. So one of the two sees the other.
        /// </summary>
        private void Park()
        {
            lock (owner._parked)
            {
                if (owner._isShutDown) return;
                owner._parked.Push(this);
                owner._parkedCount = owner._parked.Count;
            }

            if (_isLooking) StopLooking();
            Interlocked.MemoryBarrier();
            if (!owner._runs.IsEmpty) owner.WakeOne();
            Sleep();
            _isLooking = !owner._isShutDown;
        }

        private void Sleep()
        {
            lock (_sleep)
            {
                while (!_isWoken) Monitor.Wait(_sleep);
                _isWoken = false;
            }
        }

        private void StopLooking()
        {
            _isLooking = false;
            owner._isOneLooking = false;
        }
    }
}
