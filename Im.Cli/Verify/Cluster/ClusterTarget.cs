using Im.Cli.Bench.Report;
using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Hosts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify.Cluster;

/// <summary>A cluster of our own behind its door.</summary>
internal sealed class ClusterTarget : IVerifyTarget, IDisposable
{
    private readonly ClusterHosts _hosts;
    private readonly IReadOnlyList<ClusterFault> _faults;
    private readonly string? _otherProgram;
    private readonly BenchConsole _console;

    public ClusterTarget(ClusterHosts hosts, IReadOnlyList<ClusterFault> faults, string? otherProgram, BenchConsole console)
    {
        _hosts = hosts;
        _faults = faults;
        _otherProgram = otherProgram;
        _console = console;
        Http = new HttpClient { BaseAddress = hosts.Api, Timeout = TimeSpan.FromSeconds(10) };
        Http.DefaultRequestHeaders.Add("x-api-key", hosts.ApiKey);
    }

    public Uri WebSocket => _hosts.WebSocket;

    public HttpClient Http { get; }

    public uint? SingleApp => ClusterVerify.SingleApp;

    public int SlowReaders => 2;

    /// <summary>The faults that were brought about.</summary>
    public List<FaultWindow> Windows { get; } = [];

    public IDisturbance Disturb(Population population, Workload workload, FactBook book, VerifyPlan plan) =>
        new ClusterDisturbance(_hosts, _faults, new FaultScene(_hosts, population, book, new Random(plan.Seed), plan.App, _otherProgram), _console, Windows);

    public void Dispose() => Http.Dispose();
}
