using System.Runtime.InteropServices;
using Im.Node.Configuration;

namespace Im.Node.Lifetime;

/// <summary>
/// The first Ctrl+C or SIGTERM drains (the host's own lifetime listens too), the second ends the process at once, and so does a
/// stop that takes longer than it may. What comes right after the first is the same one: a launcher passes on what the whole
/// process group was sent.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly TimeSpan Same = TimeSpan.FromMilliseconds(500);

    private readonly List<IDisposable> _registrations = [];
    private readonly TimeProvider _time;
    private readonly TextWriter _output;
    private Timer? _overdue;
    private long _first;

    private StopSignals(IHostApplicationLifetime lifetime, TimeProvider time, TextWriter output)
    {
        _time = time;
        _output = output;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => OnSignal()));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => OnSignal()));
        _registrations.Add(lifetime.ApplicationStopping.Register(OnStopping));
    }

    public static StopSignals Watch(IHostApplicationLifetime lifetime, TimeProvider time, TextWriter output) => new(lifetime, time, output);

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _overdue?.Dispose();
    }

    private void OnSignal()
    {
        if (Interlocked.CompareExchange(ref _first, _time.GetTimestamp(), 0) == 0)
            _output.WriteLine("Draining; press Ctrl+C again to end at once · 正在停止，再按一次 Ctrl+C 立即结束");
        else if (_time.GetElapsedTime(Volatile.Read(ref _first)) > Same)
            End("Ended at once, without draining", ExitCodes.Interrupted);
    }

    private void OnStopping() => _overdue = new Timer(_ => End("The stop took too long", ExitCodes.Failed), state: null, StopBudget.Whole, Timeout.InfiniteTimeSpan);

    private void End(string why, int code)
    {
        _output.WriteLine(why);
        _output.Flush();
        Environment.Exit(code);
    }
}
