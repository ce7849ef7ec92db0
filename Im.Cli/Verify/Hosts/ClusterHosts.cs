using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Im.Cli.Bench;
using Im.Cli.Bench.Targets;
using Im.Cli.Certs;
using Im.Cli.Text;

namespace Im.Cli.Verify.Hosts;

/// <summary>What a cluster on this machine is made of.</summary>
internal sealed record ClusterHostsSettings
{
    public int NodeCount { get; init; } = 3;

    /// <summary>The node's dll or executable.</summary>
    public required string Program { get; init; }

    /// <summary>The directory <c>docker/nginx/im</c>.</summary>
    public required string NginxFiles { get; init; }

    /// <summary>Each node in a network namespace of its own, so that links can be cut; else all on 127.0.0.1.</summary>
    public bool HasNamespaces { get; init; }

    /// <summary>Options of every node besides those that make the cluster, as <c>Im__…</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// PostgreSQL, nodes and nginx as plain processes of this machine, as operators run them: three nodes that know each other as seeds, one
/// database, one door. Everything is below one temporary directory, and ends with this.
/// </summary>
internal sealed class ClusterHosts : IAsyncDisposable
{
    /// <summary>HTTP, WebSocket, gRPC and remoting of a node that has an address of its own.</summary>
    private static readonly int[] OwnPorts = [8080, 8089, 9001, 4053];

    private static readonly TimeSpan FormLimit = TimeSpan.FromSeconds(90);

    /// <summary>Longer than any run.</summary>
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(2);

    private readonly List<ClusterNode> _nodes = [];
    private bool _isDisposed;

    private ClusterHosts(string directory, NodeNetwork? network)
    {
        Directory = directory;
        Network = network;
    }

    /// <summary>Data and logs.</summary>
    public string Directory { get; }

    /// <summary>Null when all nodes are on 127.0.0.1.</summary>
    public NodeNetwork? Network { get; }

    public IReadOnlyList<ClusterNode> Nodes => _nodes;

    public PostgresHost Postgres { get; private set; } = null!;

    public NginxHost Nginx { get; private set; } = null!;

    /// <summary>Opens the server API, on every node.</summary>
    public string ApiKey { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <summary>Where clients connect: the door.</summary>
    public Uri WebSocket => new($"ws://127.0.0.1:{Nginx.Port}/acc");

    public Uri Api => new($"http://127.0.0.1:{Nginx.Port}");

    /// <summary>Starts everything and waits until every node takes users.</summary>
    /// <exception cref="BenchException">Something is missing or did not come up.</exception>
    public static async Task<ClusterHosts> StartAsync(ClusterHostsSettings settings, CancellationToken cancellation)
    {
        if (HostPrograms.MissingPackages(settings.HasNamespaces) is { Count: > 0 } missing)
            throw new BenchException(Say.It($"Debian packages are missing: {string.Join(' ', missing)}", $"缺少 Debian 软件包：{string.Join(' ', missing)}"));
        var directory = System.IO.Directory.CreateTempSubdirectory("im-cluster-").FullName;
        // The database server may run as another user, below it.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(directory, (UnixFileMode)0b111_001_001);
        var hosts = new ClusterHosts(directory, settings.HasNamespaces ? await NodeNetwork.CreateAsync(settings.NodeCount) : null);
        try
        {
            await hosts.StartAllAsync(settings, cancellation);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    /// <summary>True once every node is ready; false when the time is over first.</summary>
    public async Task<bool> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellation) =>
        (await Task.WhenAll(_nodes.Select(node => node.WaitUntilReadyAsync(limit, cancellation)))).All(isReady => isReady);

    /// <summary>Removes data and logs; after the end.</summary>
    public void Forget() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>Ends all processes. Idempotent.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (Nginx is not null) await Nginx.DisposeAsync();
        await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask()));
        if (Postgres is not null) await Postgres.DisposeAsync();
        if (Network is not null) await Network.DisposeAsync();
    }

    private async Task StartAllAsync(ClusterHostsSettings settings, CancellationToken cancellation)
    {
        var certificates = MakeCertificates(settings.NodeCount);
        Postgres = await PostgresHost.StartNewAsync(Directory, Network?.HostAddress ?? "127.0.0.1", cancellation);
        var ports = Network is null ? FreePorts.Take(settings.NodeCount * 4) : [.. Enumerable.Range(0, settings.NodeCount).SelectMany(_ => OwnPorts)];
        var seeds = Enumerable.Range(0, settings.NodeCount).Select(node => $"{AddressOf(node)}:{ports[node * 4 + 3]}").ToArray();
        for (var node = 0; node < settings.NodeCount; node++)
        {
            var endPoint = new NodeEndPoint(AddressOf(node), ports[node * 4], ports[node * 4 + 1], ports[node * 4 + 2]);
            var options = OptionsOf(node, endPoint, ports[node * 4 + 3], seeds, certificates);
            foreach (var (name, value) in settings.Options) options[name] = value;
            _nodes.Add(new ClusterNode(Name(node), endPoint, Network?.Inside(node) ?? [], settings.Program, options, Directory));
        }
        Nginx = NginxHost.Configure(Path.Combine(Directory, "nginx"), settings.NginxFiles, [.. _nodes.Select(node => node.EndPoint)]);
        await Nginx.StartAsync(cancellation);
        if (!await WaitUntilReadyAsync(FormLimit, cancellation))
            throw new BenchException(Say.It($"The cluster was not ready within {FormLimit.TotalSeconds} s; logs are in {Directory}", $"集群在 {FormLimit.TotalSeconds} 秒内未就绪；日志位于 {Directory}"));
    }

    /// <summary>A CA of this run and a certificate for each node.</summary>
    private CertificateFiles MakeCertificates(int nodes)
    {
        var (files, now) = (new CertificateFiles(Path.Combine(Directory, "certs")), TimeProvider.System.GetUtcNow());
        using var authority = CertificateMaker.MakeAuthority(now, CertificateLifetime);
        files.Write(CertificateFiles.AuthorityName, authority);
        for (var node = 0; node < nodes; node++)
        {
            using var certificate = CertificateMaker.MakeNode(authority, [AddressOf(node)], now, CertificateLifetime);
            files.Write(Name(node), certificate);
        }

        return files;
    }

    private string AddressOf(int node) => Network?.AddressOf(node) ?? "127.0.0.1";

    private static string Name(int node) => string.Create(CultureInfo.InvariantCulture, $"node{node + 1}");

    private Dictionary<string, string> OptionsOf(int node, NodeEndPoint endPoint, int clusterPort, string[] seeds, CertificateFiles certificates)
    {
        var options = new Dictionary<string, string>
        {
            ["Im__BindAddress"] = endPoint.Host,
            ["Im__Http__Port"] = Text(endPoint.Http),
            ["Im__WebSocket__Port"] = Text(endPoint.WebSocket),
            ["Im__Grpc__Port"] = Text(endPoint.Grpc),
            ["Im__Cluster__Port"] = Text(clusterPort),
            ["Im__Cluster__AdvertisedHost"] = endPoint.Host,
            ["Im__Cluster__Tls__Certificate"] = certificates.CertificateOf(Name(node)),
            ["Im__Cluster__Tls__Key"] = certificates.KeyOf(Name(node)),
            ["Im__Cluster__Tls__CaCertificate"] = certificates.CertificateOf(CertificateFiles.AuthorityName),
            ["Im__DataDirectory"] = Path.Combine(Directory, Name(node)),
            ["Im__Storage__Provider"] = "postgres",
            ["Im__Storage__ConnectionString"] = Postgres.ConnectionString,
            ["Im__Ingress__ApiKeys__0__Id"] = "verify",
            ["Im__Ingress__ApiKeys__0__Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
            ["Im__KnownProxies__0"] = Network?.HostAddress ?? "127.0.0.1",
        };
        if (Network is not null)
        {
            options["Im__Auth__AllowInsecureGuest"] = "true";
            options["Im__Cluster__BindAddress"] = "0.0.0.0"; // by its second address too, which slow links use
        }

        foreach (var (seed, index) in seeds.Select((seed, index) => (seed, index))) options[$"Im__Cluster__SeedNodes__{index}"] = seed;
        return options;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
