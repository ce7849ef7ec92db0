using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Im.Cli.Certs;
using Im.Node.Configuration;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering.Strangers;

/// <summary>Three nodes with mutual TLS, whose CA the tests have, and what can be seen of them from outside.</summary>
public sealed partial class StrangerCluster(PostgresServer server) : IAsyncLifetime
{
    public const string Host = "127.0.0.1";

    /// <summary>States in <c>/proc/net/tcp</c>.</summary>
    private const string Listening = "0A";
    private const string TimeWait = "06";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(60);

    /// <summary>Certificates may be made that are over; the CA has been there before them.</summary>
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(30);

    private readonly TemporaryDirectory _files = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly X509Certificate2 _authority = CertificateMaker.MakeAuthority(Begin, Lifetime);

    /// <summary>What the nodes had written when they were a cluster. Before that one may be tried whose port is not open yet, and the transport calls it unreachable.</summary>
    private IReadOnlyList<int> _formed = [];

    internal ClusterProcesses Nodes { get; private set; } = null!;

    private IEnumerable<IReadOnlyList<string>> Streams => Enumerable.Range(0, Nodes.Ports.Count).SelectMany(node => new[] { Nodes[node].Output, Nodes[node].Errors });

    public async Task InitializeAsync()
    {
        if (PostgresBinaries.WhyNotRun() is not null) return;
        var files = new CertificateFiles(_files.Path);
        using var certificate = MakeCertificate(Host);
        files.Write(CertificateFiles.AuthorityName, _authority);
        files.Write(Host, certificate);
        Nodes = await ClusterProcesses.StartAsync(server, 3, Certificates.OptionsOf(_files.Path, Host));
        await Until.TrueAsync(async () => await MembersAsync(0) == 3);
        _formed = Written();
    }

    public async Task DisposeAsync()
    {
        if (Nodes is not null) await Nodes.DisposeAsync();
        _authority.Dispose();
        _http.Dispose();
        _files.Dispose();
    }

    /// <summary>How many lines each stream of each node has so far.</summary>
    internal IReadOnlyList<int> Written() => [.. Streams.Select(stream => stream.Count)];

    /// <summary>Lines that the nodes have written since.</summary>
    internal IReadOnlyList<string> LinesAfter(IReadOnlyList<int> written) => [.. Streams.Zip(written).SelectMany(pair => pair.First.Skip(pair.Second))];

    /// <summary>One that this cluster's CA has signed.</summary>
    internal X509Certificate2 MakeCertificate(string host) => CertificateMaker.MakeNode(_authority, [host], TimeProvider.System.GetUtcNow(), Lifetime);

    /// <summary>One that this cluster's CA has signed, and that has been over for a day.</summary>
    internal X509Certificate2 MakeExpiredCertificate() => CertificateMaker.MakeNode(_authority, [Host], Begin, TimeSpan.FromDays(29));

    /// <summary>How many nodes this one knows, all of which answer it.</summary>
    internal async Task<int> MembersAsync(int node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(HttpOf(node), "/system/state")) { Headers = { { "x-api-key", KeyOf(node) } } };
        using var answer = await _http.SendAsync(request);
        return Answered().Count(await answer.Content.ReadAsStringAsync());
    }

    internal async Task<bool> IsReadyAsync(int node)
    {
        using var answer = await _http.GetAsync(new Uri(Nodes[node].BannerLine("Health")));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Bytes of managed objects after a collection, actors of all nodes, and open sockets of this one.</summary>
    internal async Task<(long HeapBytes, long Actors, int Sockets)> LeftAsync(int node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(HttpOf(node), "/api/v1/diagnostics:collect")) { Headers = { { "x-api-key", KeyOf(node) } }, Content = JsonBody() };
        using var answer = await _http.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (Number(body, "heapBytes"), Number(body, "actors"), SocketsOn(Nodes.Ports[node]));
    }

    /// <summary>Lets it watch over the nodes while something is done to them: all are ready and each sees all three, at all times.</summary>
    internal async Task StayWholeAsync(Task meanwhile)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        do
        {
            for (var node = 0; node < Nodes.Ports.Count; node++)
            {
                (await MembersAsync(node)).ShouldBe(3, $"seen by node {node}");
                (await IsReadyAsync(node)).ShouldBeTrue($"node {node}");
            }

            await Task.WhenAny(meanwhile, pace.WaitForNextTickAsync().AsTask());
        }
        while (!meanwhile.IsCompleted);
        await meanwhile;
        LinesAfter(_formed).Where(line => line.Contains("unreachable", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    /// <summary>Connections to a remoting port that its node still holds; what else a process has open comes and goes by itself.</summary>
    private static int SocketsOn(int port)
    {
        var local = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(columns => columns[1].EndsWith(local, StringComparison.Ordinal) && columns[3] is not (Listening or TimeWait));
    }

    private static long Number(JsonDocument body, string name) => long.Parse(body.RootElement.GetProperty(name).ToString(), System.Globalization.CultureInfo.InvariantCulture);

    private static StringContent JsonBody() => new("{}", System.Text.Encoding.UTF8, "application/json");

    private Uri HttpOf(int node) => new(Nodes[node].BannerLine("Health"));

    private string KeyOf(int node) => SecretsFile.OpenOrCreate(Nodes[node].DataDirectory).ApiKey;

    [GeneratedRegex("\"answered\":true")]
    private static partial Regex Answered();
}
