using System.Net;
using Shouldly;

namespace Im.Tests.Security;

/// <summary>What holds for every route of a node, asked of each over its own port.</summary>
internal sealed class RouteControls(HttpClient client, IServiceProvider node, Uri http, Uri grpc)
{
    private const string ApiKeyHeader = "x-api-key";

    public IReadOnlyList<RouteCase> Routes { get; } = RouteCase.Of(node);

    /// <summary>421 for a name that is not ours, also for who has a key.</summary>
    public Task RefuseUnknownHostsAsync(string apiKey) => ForEachAsync(Routes, async route =>
    {
        foreach (var host in (string[])["evil.example", "127.0.0.1.evil.example", "localhost.", "evil.example:8080"])
        {
            using var response = await SendAsync(route, request => { request.Headers.Host = host; request.Headers.Add(ApiKeyHeader, apiKey); });
            response.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest, $"{route} for {host}");
        }
    });

    /// <summary>403 when another site's page sends what changes something, also with a key.</summary>
    public Task RefuseForeignOriginsAsync(string apiKey) => ForEachAsync(Routes.Where(static route => route.Method is not ("GET" or "HEAD" or "OPTIONS")), async route =>
    {
        foreach (var origin in (string[])["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example", "file://"])
        {
            using var response = await SendAsync(route, request => { request.Headers.Add("Origin", origin); request.Headers.Add(ApiKeyHeader, apiKey); });
            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{route} from {origin}");
        }
    });

    /// <summary>The headers of control S12 on whatever the route answers, and nothing that invites other sites to read it.</summary>
    public Task CarryHeadersAsync() => ForEachAsync(Routes, async route =>
    {
        using var response = await SendAsync(route, static request => request.Headers.Add("Origin", "https://evil.example"));
        ShouldCarryHeaders(response, route.ToString());
    });

    /// <summary>No key, a known host, no origin: neither of the checks is in the way of a program.</summary>
    public Task LetProgramsPassAsync() => ForEachAsync(Routes, async route =>
    {
        using var response = await SendAsync(route, static _ => { });
        response.StatusCode.ShouldNotBe(HttpStatusCode.MisdirectedRequest, route.ToString());
        response.StatusCode.ShouldNotBe(HttpStatusCode.Forbidden, route.ToString());
    });

    public static void ShouldCarryHeaders(HttpResponseMessage response, string because)
    {
        string Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

        var policy = Header("Content-Security-Policy");
        policy.ShouldMatch("default-src 'none'|default-src 'self'.*object-src 'none'", because);
        policy.ShouldContain("base-uri 'none'", customMessage: because);
        policy.ShouldContain("frame-ancestors 'none'", customMessage: because);
        Header("X-Content-Type-Options").ShouldBe("nosniff", because);
        Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin", because);
        Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin", because);
        Header("Referrer-Policy").ShouldBe("no-referrer", because);
        Header("Permissions-Policy").ShouldContain("camera=()", customMessage: because);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse(because);
        response.Headers.Contains("Server").ShouldBeFalse(because);
    }

    private static async Task ForEachAsync(IEnumerable<RouteCase> routes, Func<RouteCase, Task> check)
    {
        foreach (var route in routes) await check(route);
    }

    private async Task<HttpResponseMessage> SendAsync(RouteCase route, Action<HttpRequestMessage> prepare)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(route.IsGrpc ? grpc : http, route.Path));
        if (route.IsGrpc)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new("application/grpc") } };
            request.Headers.TE.Add(new("trailers"));
        }

        prepare(request);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
