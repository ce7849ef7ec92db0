using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Im.Tests.Auth;

/// <summary>An issuer that publishes keys over HTTP on a free port of this machine.</summary>
internal sealed class JwksServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private JwksServer(WebApplication app) => _app = app;

    /// <summary>What is published now.</summary>
    public string Json { get; set; } = Jwt.Set();

    /// <summary>Every request gets this status; 302 points to a place that answers with keys.</summary>
    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public int RequestsCount => Volatile.Read(ref _requests);

    public Uri Url => new(_app.Urls.Single() + "/jwks.json");

    public static async Task<JwksServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new JwksServer(app);
        app.MapGet("/jwks.json", server.AnswerAsync);
        app.MapGet("/elsewhere", () => server.Json);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        context.Response.StatusCode = (int)Status;
        if (Status == HttpStatusCode.Redirect) context.Response.Headers.Location = "/elsewhere";
        if (Status == HttpStatusCode.OK) await context.Response.WriteAsync(Json);
    }
}
