using System.Diagnostics;
using System.Globalization;
using Im.Cli.Bench.Targets;
using Im.Cli.Verify.Faults;

namespace Im.Cli.Verify.Hosts;

/// <summary>
/// One node of a cluster of our own: a child process that is started again whenever it ends, after a second, as its unit file does, unless it
/// is held down on purpose.
/// </summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(40);

    private readonly IReadOnlyList<string> _prefix;
    private readonly string _program;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly string _logs;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly List<int> _exitCodes = [];
    private readonly Lock _lock = new();
    private readonly Task _supervising;
    private ChildProcess? _child;
    private volatile bool _isHeld;
    private volatile string? _other;
    private int _starts;
    private long _startedAt = long.MaxValue;

    /// <param name="name">As it is in logs and tables.</param>
    /// <param name="prefix">What has to stand before the program, such as the way into a namespace.</param>
    /// <param name="program">The node's dll or executable.</param>
    /// <param name="logs">Directory of its output, one file a start.</param>
    public ClusterNode(string name, NodeEndPoint endPoint, IReadOnlyList<string> prefix, string program, IReadOnlyDictionary<string, string> environment, string logs)
    {
        Name = name;
        EndPoint = endPoint;
        _prefix = prefix;
        _program = program;
        _environment = environment;
        _logs = logs;
        Http = new HttpClient { BaseAddress = new Uri($"http://{endPoint.Host}:{endPoint.Http}"), Timeout = TimeSpan.FromSeconds(3) };
        _supervising = SuperviseAsync();
    }

    public string Name { get; }

    public NodeEndPoint EndPoint { get; }

    /// <summary>Its own HTTP interface, past the door; answers are waited for 3 s.</summary>
    public HttpClient Http { get; }

    /// <summary>0 while there is no process.</summary>
    public int ProcessId
    {
        get
        {
            lock (_lock) return _child is { HasExited: false } child ? child.Id : 0;
        }
    }

    /// <summary>When its process was started, by the clock of <see cref="Stopwatch"/>.</summary>
    public long StartedAt => Interlocked.Read(ref _startedAt);

    /// <summary>How its processes ended so far, in order.</summary>
    public IReadOnlyList<int> ExitCodes
    {
        get
        {
            lock (_lock) return [.. _exitCodes];
        }
    }

    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>True once it is ready; false when the time is over first.</summary>
    public async Task<bool> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(cancellation))
        {
            if (Stopwatch.GetElapsedTime(started) > limit) return false;
            await Task.Delay(100, cancellation);
        }
        return true;
    }

    /// <summary>SIGKILL.</summary>
    /// <param name="isHeld">It stays down until <see cref="Release"/>.</param>
    public void Kill(bool isHeld)
    {
        _isHeld = isHeld;
        Signal(Signals.Kill9);
    }

    /// <summary>SIGTERM; it comes back by itself.</summary>
    /// <returns>True once the process has ended.</returns>
    public async Task<bool> TerminateAsync(CancellationToken cancellation)
    {
        ChildProcess? child;
        lock (_lock) child = _child;
        if (child is null) return true;
        Signals.Send(child.Id, Signals.Terminate);
        return await child.WaitForExitAsync(DrainLimit).WaitAsync(cancellation);
    }

    /// <summary>A node that was held down may start.</summary>
    public void Release()
    {
        if (!_isHeld) return;
        _isHeld = false;
        _wanted.Release();
    }

    /// <summary>From its next start on it is another build; null: its own again.</summary>
    public void Use(string? program) => _other = program;

    public void Freeze() => Signal(Signals.Stop);

    public void Thaw() => Signal(Signals.Continue);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Thaw();
        await _supervising;
        Http.Dispose();
        _wanted.Dispose();
        _end.Dispose();
    }

    private void Signal(int signal)
    {
        if (ProcessId is > 0 and var process) Signals.Send(process, signal);
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                var log = Path.Combine(_logs, string.Create(CultureInfo.InvariantCulture, $"{Name}-{++_starts:00}.log"));
                await using var child = NodeProgram.Start(_other ?? _program, _environment, log, _prefix);
                lock (_lock) _child = child;
                Interlocked.Exchange(ref _startedAt, Stopwatch.GetTimestamp());
                while (!await child.WaitForExitAsync(TimeSpan.FromSeconds(10)).WaitAsync(_end.Token))
                {
                    // It runs.
                }
                lock (_lock) _exitCodes.Add(child.ExitCode);
                if (_isHeld) await _wanted.WaitAsync(_end.Token);
                else await Task.Delay(RestartPause, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The cluster is taken down; the child with it.
        }
        finally
        {
            lock (_lock) _child = null;
        }
    }
}
