using System.Net;
using Im.Node.Configuration;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Im.Node.Lifetime;

/// <summary>Kestrel: HTTP/1.1 for pages and API, HTTP/2 without TLS for gRPC, and metrics on a port of their own when asked for.</summary>
internal static class WebServer
{
    /// <summary>Order in which the ports are opened, hence listed.</summary>
    public const int HttpIndex = 0;
    public const int GrpcIndex = 1;
    public const int MetricsIndex = 2;

    /// <summary>Body of a request; a push to 1,000 users fits many times.</summary>
    private const long RequestBodyMaxBytes = 4 * 1024 * 1024;

    private const int HeadMaxBytes = 32 * 1024;
    private const int HeaderMaxBytes = 16 * 1024;
    private const int HeaderMaxCount = 100;

    /// <summary>Lines of a head end with CR LF, and with nothing else: a proxy in front might see other lines.</summary>
    private const string StrictLines = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private static readonly object MetricsMark = new();

    public static void AddImWebServer(this WebApplicationBuilder builder, ImOptions options)
    {
        // The ports come from the section Im alone; what containers preset would only cause a warning.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        AppContext.SetSwitch(StrictLines, true);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options));
    }

    /// <summary>True when the request came in on the port of the metrics.</summary>
    public static bool IsMetricsPort(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(MetricsMark) == true;

    private static void Configure(KestrelServerOptions kestrel, ImOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = RequestBodyMaxBytes;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxRequestHeadersTotalSize = HeadMaxBytes;
        kestrel.Limits.MaxRequestHeaderCount = HeaderMaxCount;
        Limit(kestrel.Limits.Http2);

        // Within the files that the WebSockets leave free, so that neither can starve the other.
        kestrel.Limits.MaxConcurrentConnections = FileLimit.Reserve - 100;

        var address = IPAddress.Parse(options.BindAddress);
        kestrel.Listen(address, options.Http.Port, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(address, options.Grpc.Port, listen => listen.Protocols = HttpProtocols.Http2);
        if (options.Metrics.Port is { } port) kestrel.Listen(address, port, MarkAsMetrics);
    }

    /// <summary>
    /// Of a connection of HTTP/2. Heads count with all of their CONTINUATION frames and as they are after HPACK, and have to be complete
    /// in <see cref="KestrelServerLimits.RequestHeadersTimeout"/>. A client that resets streams faster than they are ended is told to
    /// calm down, and then cut off. Answers to PING and SETTINGS that are not read stop the reading.
    /// </summary>
    private static void Limit(Http2Limits limits)
    {
        limits.MaxStreamsPerConnection = 100;
        limits.HeaderTableSize = 4096;
        limits.MaxRequestHeaderFieldSize = HeaderMaxBytes;
        limits.MaxFrameSize = 16 * 1024;
        limits.InitialStreamWindowSize = 768 * 1024;
        limits.InitialConnectionWindowSize = 1024 * 1024;
        limits.KeepAlivePingDelay = TimeSpan.FromMinutes(1);
        limits.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
    }

    private static void MarkAsMetrics(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Items[MetricsMark] = MetricsMark;
            return next(connection);
        });
    }
}
