using System.Globalization;
using System.Text.Json;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary>Where a node that is no cluster is to listen and to keep its data: free ports of loopback, which it has again whenever it is started.</summary>
internal sealed class LoneNode
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    private readonly string _program;
    private readonly Dictionary<string, string> _environment;

    /// <param name="program">The node's dll or executable.</param>
    /// <param name="settings">Further variables, such as <c>Im__Auth__Mode</c>.</param>
    public LoneNode(string program, string data, IEnumerable<(string Name, string Value)> settings)
    {
        var ports = FreePorts.Take(4);
        (_program, Data) = (program, data);
        (Api, WebSocket, Grpc) = (new Uri($"http://127.0.0.1:{ports[0]}"), new Uri($"ws://127.0.0.1:{ports[1]}/acc"), new Uri($"http://127.0.0.1:{ports[2]}"));
        _environment = new Dictionary<string, string>
        {
            ["Im__BindAddress"] = "127.0.0.1",
            ["Im__Http__Port"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["Im__WebSocket__Port"] = ports[1].ToString(CultureInfo.InvariantCulture),
            ["Im__Grpc__Port"] = ports[2].ToString(CultureInfo.InvariantCulture),
            ["Im__Cluster__Port"] = ports[3].ToString(CultureInfo.InvariantCulture),
            ["Im__DataDirectory"] = data,
        };
        foreach (var (name, value) in settings) _environment[name] = value;
    }

    public string Data { get; }

    public Uri Api { get; }

    public Uri WebSocket { get; }

    public Uri Grpc { get; }

    public ChildProcess Start(string logPath) => NodeProgram.Start(_program, _environment, logPath);

    /// <exception cref="BenchException">It ended, or the time is over.</exception>
    public static Task WaitUntilReadyAsync(ChildProcess child, HttpClient http, CancellationToken cancellation) => child.WaitUntilReadyAsync(http, "/readyz", ReadyLimit, cancellation);

    /// <summary>The API key that it made at its first start.</summary>
    public string ReadKey()
    {
        var path = Path.Combine(Data, "secrets.json");
        if (!File.Exists(path)) throw new BenchException(Say.It($"The node is ready but wrote no {path}.", $"节点已就绪，但没有生成 {path}。"));
        using var secrets = JsonDocument.Parse(File.ReadAllBytes(path));
        return secrets.RootElement.GetProperty("apiKey").GetString()!;
    }
}
