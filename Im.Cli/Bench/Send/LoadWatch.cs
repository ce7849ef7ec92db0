using System.Diagnostics;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;

namespace Im.Cli.Bench.Send;

/// <summary>Takes time, the client's load and the server's processor time from its beginning on.</summary>
internal sealed class LoadWatch
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Func<ClientLoad> _client;
    private readonly int? _server;
    private readonly TimeSpan _cpu;

    private LoadWatch(IReadOnlyList<Reactor> reactors, int? server)
    {
        _client = ClientLoad.Begin(reactors);
        _server = server;
        _cpu = server is { } id ? ProcessCpu.Of(id) : TimeSpan.Zero;
    }

    public static LoadWatch Begin(IReadOnlyList<Reactor> reactors, int? server) => new(reactors, server);

    public SendFigures Of(int rate, SendPass pass)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started);
        var cpu = _server is { } id ? (ProcessCpu.Of(id) - _cpu) / elapsed : (double?)null;
        return new SendFigures(rate, pass.Acked, pass.IsPaced ? pass.Count - pass.Acked : 0, pass.Acked / elapsed.TotalSeconds, pass.Latency, cpu, _client());
    }
}
