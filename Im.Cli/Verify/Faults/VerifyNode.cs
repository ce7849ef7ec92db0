using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;
using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Load;

namespace Im.Cli.Verify.Faults;

/// <summary>The node under check: a child of this process that can be killed, frozen and started again on the same ports and data, or one that runs already.</summary>
internal sealed class VerifyNode : IVerifyTarget, IAsyncDisposable
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(40);

    /// <summary>Retention so short that it runs all the time; what this process's environment says goes before it.</summary>
    private static readonly IReadOnlyList<(string Name, string Value)> Retention =
    [
        ("Im__Storage__Retention__SweepInterval", "00:00:02"),
        ("Im__Storage__Retention__RoomMaxRecordsCount", "150"),
        ("Im__Storage__Retention__InboxAge", "00:01:00"),
    ];

    private readonly LoneNode? _own;
    private readonly PowerDisk? _disk;
    private ChildProcess? _child;
    private int _starts;

    private VerifyNode(LoneNode? own, string directory, Uri webSocket, Uri api, PowerDisk? disk = null)
    {
        _own = own;
        _disk = disk;
        Directory = directory;
        WebSocket = webSocket;
        Http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(10) };
    }

    public Uri WebSocket { get; }

    /// <summary>The HTTP interface, with the API key in its headers.</summary>
    public HttpClient Http { get; }

    public IDisturbance Disturb(Population population, Workload workload, FactBook book, VerifyPlan plan) => new FaultRunner(this, population, workload, book, plan);

    /// <summary>Data and logs of a node of our own; empty for one that runs already.</summary>
    public string Directory { get; }

    /// <summary>It can be killed and started again.</summary>
    public bool IsOwn => _own is not null;

    public static VerifyNode Running(Uri webSocket, Uri api, string? apiKey)
    {
        var node = new VerifyNode(null, "", webSocket, api);
        if (apiKey is not null) node.Http.DefaultRequestHeaders.Add("x-api-key", apiKey);
        return node;
    }

    /// <summary>Starts a node on free loopback ports with an empty data directory. Variables <c>Im__…</c> of this process reach it.</summary>
    /// <param name="cutsPower">Its data is on a disk whose power can be cut, see <see cref="CutPowerAsync"/>.</param>
    /// <exception cref="BenchException">It did not come up.</exception>
    public static async Task<VerifyNode> StartAsync(string program, bool cutsPower, CancellationToken cancellation)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("im-verify-").FullName;
        var disk = cutsPower ? await PowerDisk.CreateAsync(directory) : null;
        var settings = Retention.Where(setting => Environment.GetEnvironmentVariable(setting.Name) is null);
        var lone = new LoneNode(program, Path.Combine(disk?.Path ?? directory, "data"), settings);
        var node = new VerifyNode(lone, directory, lone.WebSocket, lone.Api, disk);
        try
        {
            await node.StartAgainAsync(cancellation);
            node.Http.DefaultRequestHeaders.Add("x-api-key", lone.ReadKey());
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new process on the same data.</summary>
    public async Task StartAgainAsync(CancellationToken cancellation)
    {
        _child = _own!.Start(Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"node-{++_starts:00}.log")));
        await LoneNode.WaitUntilReadyAsync(_child, Http, cancellation);
    }

    public async Task KillAsync()
    {
        if (_child is null) return;
        await _child.DisposeAsync();
        _child = null;
    }

    /// <summary>SIGTERM, as an operator ends it.</summary>
    public async Task EndAsync()
    {
        Signals.Send(_child!.Id, Signals.Terminate);
        if (!await _child.WaitForExitAsync(DrainLimit)) throw new BenchException(Say.It("The node did not end within 40 s of SIGTERM.", "节点在 SIGTERM 后 40 秒内没有退出。"));
        await KillAsync();
    }

    /// <summary>Ends the node and leaves of its data what had reached the disk at that instant.</summary>
    public async Task CutPowerAsync()
    {
        Freeze();
        var copy = await _disk!.CopyAsync();
        await KillAsync();
        await _disk.GoOnWithAsync(copy, _own!.Data);
    }

    public void Freeze() => Signals.Send(_child!.Id, Signals.Stop);

    public void Thaw() => Signals.Send(_child!.Id, Signals.Continue);

    /// <summary>Removes data and logs.</summary>
    public void Forget()
    {
        if (Directory.Length > 0) System.IO.Directory.Delete(Directory, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_disk is not null) await _disk.DisposeAsync();
        Http.Dispose();
    }
}
