using System.Globalization;
using System.Runtime.InteropServices;

namespace Im.Cli.Bench.Engine;

/// <summary>Processor time of one thread, and how long it waited for a processor while ready to run.</summary>
internal sealed partial class ReactorClock
{
    private const int ThreadCpuTime = 3;
    private long _busyNanoseconds;
    private string? _schedulePath;

    /// <summary>As of the last tick, at most 5 ms ago or as long as the thread is busy with one batch.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Interlocked.Read(ref _busyNanoseconds) / 100);

    /// <summary>Zero where the kernel does not tell (<c>/proc/self/task/…/schedstat</c>).</summary>
    public TimeSpan Waited
    {
        get
        {
            if (_schedulePath is null || !File.Exists(_schedulePath)) return TimeSpan.Zero;
            var fields = File.ReadAllText(_schedulePath).Split(' ');
            return fields.Length > 1 && long.TryParse(fields[1], CultureInfo.InvariantCulture, out var nanoseconds) ? TimeSpan.FromTicks(nanoseconds / 100) : TimeSpan.Zero;
        }
    }

    /// <summary>Called once, on the thread itself.</summary>
    public void Attach() => _schedulePath = $"/proc/self/task/{ThreadId()}/schedstat";

    /// <summary>Called on the thread itself.</summary>
    public unsafe void Sample()
    {
        var time = stackalloc long[2];
        if (Libc.ClockGetTime(ThreadCpuTime, time) == 0) Interlocked.Exchange(ref _busyNanoseconds, time[0] * 1_000_000_000 + time[1]);
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();
}
