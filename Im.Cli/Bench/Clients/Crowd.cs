using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Serialization;
using HdrHistogram;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Bench.Wire;
using Im.Cli.Text;

namespace Im.Cli.Bench.Clients;

/// <summary>What a wave came to.</summary>
internal sealed record WaveResult(Step Step, int Done, int Failed, TimeSpan Elapsed, LatencySummary Latency)
{
    public WaveResult(Step step, int done, int failed, TimeSpan elapsed, LongHistogram latency) : this(step, done, failed, elapsed, latency.Summarize()) => Histogram = latency;

    /// <summary>For merging with others.</summary>
    [JsonIgnore]
    public LongHistogram Histogram { get; } = Latencies.Create();

    /// <summary>Tries of <see cref="Step.Return"/> that the server refused, or that failed; each was made again after a pause.</summary>
    public int Repeated { get; init; }

    public double PerSecond => Elapsed > TimeSpan.Zero ? Done / Elapsed.TotalSeconds : 0;
}

/// <summary>All client connections of a run, spread over one or a few reactors. Connection n lives in reactor n modulo their number.</summary>
internal sealed class Crowd : IDisposable
{
    private readonly Reactor[] _reactors;
    private readonly Population[] _populations;
    private readonly ClientConnection[] _connections;
    private readonly ConcurrentDictionary<string, int> _errors = new();

    /// <param name="place">Number of the endpoint of a connection, asked whenever it connects; null takes them in turn.</param>
    public Crowd(EndpointSet endpoints, IWire wire, int count, int threads, IPushSink? sink = null, int smallBufferIndex = -1, Func<int, int>? place = null)
    {
        FileLimit.Require(count);
        place ??= index => index % endpoints.Count;
        Wire = wire;
        _connections = [.. Enumerable.Range(0, count).Select(n => new ClientConnection(n, n / threads, (uint)Random.Shared.NextInt64(1, uint.MaxValue)))];
        _populations = new Population[threads];
        _reactors = new Reactor[threads];
        for (var number = 0; number < threads; number++)
        {
            var mine = _connections.Where(connection => connection.Index % threads == number).ToArray();
            var small = smallBufferIndex >= 0 && smallBufferIndex % threads == number ? smallBufferIndex / threads : -1;
            _populations[number] = new Population(wire, _errors, number) { Sink = sink, SmallBufferSlot = small };
            _reactors[number] = new Reactor(endpoints, place, mine, _populations[number], number);
            _populations[number].Attach(_reactors[number], mine);
        }
    }

    public IWire Wire { get; }

    public IReadOnlyList<Reactor> Reactors => _reactors;

    public int OpenCount => _populations.Sum(population => population.OpenCount);

    /// <summary>Causes of failures and how often each was seen.</summary>
    public IReadOnlyDictionary<string, int> Errors => _errors;

    public ClientConnection this[int index] => _connections[index];

    /// <summary>Reactor number of a connection.</summary>
    public int ReactorOf(int index) => index % _reactors.Length;

    /// <summary>Takes connections <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive) through a step.</summary>
    /// <param name="ratePerSecond">0: as fast as the window allows.</param>
    /// <param name="window">Steps under way at once.</param>
    /// <param name="progress">Told how many are done, a few times a second.</param>
    public async Task<WaveResult> RunAsync(Step step, int from, int to, double ratePerSecond, int window, IProgress<int>? progress, CancellationToken cancellation)
    {
        var threads = _reactors.Length;
        var started = Stopwatch.GetTimestamp();
        var waves = new Wave[threads];
        for (var number = 0; number < threads; number++)
        {
            var wave = new Wave(step, SlotAt(from, number), SlotAt(to, number), ratePerSecond / threads, Math.Max(1, window / threads));
            waves[number] = wave;
            var population = _populations[number];
            _reactors[number].Post(() => population.Begin(wave));
        }
        var all = Task.WhenAll(waves.Select(wave => wave.Completion));
        while (await Task.WhenAny(all, Task.Delay(100, cancellation)) != all)
        {
            cancellation.ThrowIfCancellationRequested();
            ThrowIfFaulted();
            progress?.Report(waves.Sum(wave => wave.Done + wave.Failed));
        }
        var ended = waves.Max(wave => wave.ProgressAt);
        progress?.Report(to - from);
        return new WaveResult(
            step,
            waves.Sum(wave => wave.Done),
            waves.Sum(wave => wave.Failed),
            Stopwatch.GetElapsedTime(started, Math.Max(started, ended)),
            Latencies.Merge(waves.Select(wave => wave.Latency))) { Repeated = waves.Sum(wave => wave.Repeated) };
    }

    /// <summary>Takes the first so many connections through steps, one after the other, as fast as the window allows.</summary>
    /// <exception cref="BenchException">Not all got through.</exception>
    public async Task TakeAsync(int count, int window, CancellationToken cancellation, params IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            var wave = await RunAsync(step, 0, count, 0, window, null, cancellation);
            if (wave.Failed > 0) throw new BenchException(Say.It($"{wave.Failed} of {count} clients are not ready: {Format.Faults(Errors)}.", $"{count} 个客户端中有 {wave.Failed} 个未就绪：{Format.Faults(Errors)}。"));
        }
    }

    /// <summary>Sends a broadcast; call it on the reactor of the sender.</summary>
    public void SendBroadcast(ClientConnection sender, int number, int sizeBytes) => SendBroadcast(sender, number, Marker.Now, sizeBytes);

    /// <param name="sentAt">What its latency counts from, on the marker's clock.</param>
    public void SendBroadcast(ClientConnection sender, int number, long sentAt, int sizeBytes) =>
        _populations[ReactorOf(sender.Index)].SendBroadcast(sender, number, sentAt, sizeBytes);

    /// <summary>Drops a range of connections at once, by RST or FIN; returns when the kernel was told about all.</summary>
    public Task DropAsync(int from, int to, bool reset) => OnEachReactor((reactor, number) =>
    {
        for (var index = from; index < to; index++)
        {
            if (ReactorOf(index) == number && _connections[index].State != SocketState.Closed) reactor.Drop(_connections[index], reset);
        }
    });

    /// <summary>A range of connections is about to be lost by what the run does to their server: that counts as no error until they connect again.</summary>
    public Task ExpectLossAsync(int from, int to) => OnEachReactor((_, number) =>
    {
        for (var index = from; index < to; index++)
        {
            if (ReactorOf(index) == number) _connections[index].IsDoomed = true;
        }
    });

    public Task StopReadingAsync(int index) => OnEachReactor((reactor, number) =>
    {
        if (ReactorOf(index) == number) reactor.StopReading(_connections[index]);
    });

    /// <exception cref="BenchException">A reactor's thread ended by an error of its own.</exception>
    public void ThrowIfFaulted()
    {
        foreach (var reactor in _reactors)
        {
            if (reactor.Fault is { } fault) throw new BenchException(Say.It($"The load client failed: {fault.Message}", $"压测客户端出错：{fault.Message}"));
        }
    }

    public void Dispose()
    {
        foreach (var reactor in _reactors) reactor.Dispose();
    }

    private Task OnEachReactor(Action<Reactor, int> action)
    {
        var tasks = new Task[_reactors.Length];
        for (var i = 0; i < tasks.Length; i++)
        {
            var number = i;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            tasks[i] = done.Task;
            _reactors[i].Post(() =>
            {
                action(_reactors[number], number);
                done.SetResult();
            });
        }
        return Task.WhenAll(tasks);
    }

    /// <summary>First slot of a reactor whose connection has at least this index.</summary>
    private int SlotAt(int index, int number) => Math.Max(0, (index - number + _reactors.Length - 1) / _reactors.Length);
}
