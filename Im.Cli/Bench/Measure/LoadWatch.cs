using System.Diagnostics;
using Im.Cli.Bench.Engine;

namespace Im.Cli.Bench.Measure;

/// <summary>What a pass took.</summary>
/// <param name="ServerCpu">Processor time of the server; null when its process is not known.</param>
internal sealed record LoadUse(TimeSpan Elapsed, TimeSpan? ServerCpu, ClientLoad Client)
{
    /// <summary>Processors that the server used.</summary>
    public double? ServerCpuShare => ServerCpu / Elapsed;

    /// <summary>Microseconds of the server's processor time for each of so many; null when its process is not known.</summary>
    public double? ServerMicrosEach(long count) => ServerCpu is { } cpu && count > 0 ? cpu.TotalMicroseconds / count : null;
}

/// <summary>Takes time, the client's load and the server's processor time from its beginning on.</summary>
internal sealed class LoadWatch
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Func<ClientLoad> _client;
    private readonly ServerProcesses _server;
    private readonly TimeSpan? _cpu;

    private LoadWatch(IReadOnlyList<Reactor> reactors, ServerProcesses server)
    {
        _client = ClientLoad.Begin(reactors);
        _server = server;
        _cpu = server.Cpu;
    }

    public static LoadWatch Begin(IReadOnlyList<Reactor> reactors, ServerProcesses server) => new(reactors, server);

    public LoadUse Read() => new(Stopwatch.GetElapsedTime(_started), _server.Cpu - _cpu, _client());
}
