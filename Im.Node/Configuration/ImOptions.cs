using System.ComponentModel.DataAnnotations;

namespace Im.Node.Configuration;

/// <summary>
/// Everything an operator may set, section <c>Im</c>: <c>appsettings.json</c>, then the environment (<c>Im__Http__Port</c>), then
/// the command line (<c>--Im:Http:Port=…</c>). Read once at start; docs/configuration.md has the same list, and a test compares them.
/// </summary>
internal sealed record ImOptions
{
    public const string Section = "Im";

    /// <summary>The IP address that HTTP, gRPC and WebSocket listen on. Anything but loopback needs <see cref="AuthOptions.AllowInsecureGuest"/> in guest mode.</summary>
    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>Directory of secrets and of the embedded message store; relative to the content root. Made at the first start, mode 0700.</summary>
    public string DataDirectory { get; init; } = "./data";

    /// <summary>The apps (tenants) that clients may log in to.</summary>
    public IReadOnlyList<uint> Apps { get; init; } = [101, 102, 103, 104];

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of reverse proxies: only these may set <c>X-Forwarded-*</c>.</summary>
    public IReadOnlyList<string> KnownProxies { get; init; } = [];

    /// <summary>Policies of single apps, by their number; an app that is not named has the defaults.</summary>
    public IReadOnlyDictionary<uint, AppPolicyOptions> AppPolicies { get; init; } = new Dictionary<uint, AppPolicyOptions>();

    public HttpOptions Http { get; init; } = new();

    public WebSocketListenerOptions WebSocket { get; init; } = new();

    public GrpcOptions Grpc { get; init; } = new();

    public NodeClusterOptions Cluster { get; init; } = new();

    public SessionOptions Sessions { get; init; } = new();

    public AuthOptions Auth { get; init; } = new();

    public IngressOptions Ingress { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public DiagnosticsOptions Diagnostics { get; init; } = new();

    public DrainOptions Drain { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();
}

internal sealed record HttpOptions
{
    /// <summary>TCP port of pages, API, health and metrics; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8080;

    /// <summary>Sites whose pages may show the chat page in a frame and hand it tokens, as <c>https://intranet.example.org</c>; none: nobody may.</summary>
    public IReadOnlyList<string> EmbeddingOrigins { get; init; } = [];
}

internal sealed record GrpcOptions
{
    /// <summary>TCP port of gRPC, HTTP/2 without TLS; 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 9001;
}

internal sealed record SessionOptions
{
    /// <summary>
    /// A user's connection on another node counts for so long after that node last said that it holds it; it says so every two thirds
    /// of it. Independent of the client's heartbeat.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);
}

internal sealed record MetricsOptions
{
    /// <summary>A TCP port of its own for <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>; not set: the HTTP port serves them. 0 takes a free one.</summary>
    [Range(0, 65535)]
    public int? Port { get; init; }
}

internal sealed record DiagnosticsOptions
{
    /// <summary>Adds <c>/echo</c> to the WebSocket port, for RFC 6455 conformance suites.</summary>
    public bool ConformanceEcho { get; init; }
}

internal sealed record DrainOptions
{
    /// <summary>A stopping node lets its connections go within it, spread so that they do not all reconnect at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:15")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So many a second; more when they would not all go within <see cref="Timeout"/>.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerSecond { get; init; } = 500;
}
