using System.Net;
using Im.Actors.Edge;
using Im.Node.Compat;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace Im.Tests.Compat;

/// <summary>The seed's API and its guards in a real Kestrel on free ports of loopback, over a fake broker.</summary>
internal sealed class CompatHost : IAsyncDisposable
{
    public const string ApiKey = "k-secret";

    /// <summary>A key with a scope that opens none of the seed's routes.</summary>
    public const string SessionKey = "k-session";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _webRoot;

    private CompatHost(WebApplication app, DirectoryInfo webRoot, FakeBroker broker)
    {
        _app = app;
        _webRoot = webRoot;
        Broker = broker;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => new Uri(address)).ToList();
        Http = addresses[0];
        Grpc = addresses[1];
        Services.GetRequiredService<BoundPorts>().WebSocket = 8089;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Http, Timeout = TimeSpan.FromSeconds(20) };
    }

    public FakeBroker Broker { get; }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<CompatHost> StartAsync(CompatSettings? settings = null, SecuritySettings? security = null, Action<WebApplication>? map = null)
    {
        var webRoot = Directory.CreateTempSubdirectory("im-page-");
        await File.WriteAllTextAsync(Path.Combine(webRoot.FullName, "index.html"), "<!doctype html><title>page</title>");
        await File.WriteAllTextAsync(Path.Combine(webRoot.FullName, "chat.js"), "export {};");

        var broker = new FakeBroker();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static http => http.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        builder.Environment.WebRootFileProvider = new PhysicalFileProvider(webRoot.FullName);
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IBroker>(broker);
        builder.Services.AddSingleton<IApiKeys, TestKeys>();
        builder.Services.AddImSecurity(_ => security ?? new SecuritySettings());
        builder.Services.AddImCompat(_ => settings ?? new CompatSettings { Open = true });

        var app = builder.Build();
        app.UseImSecurity();
        app.UseRouting();
        app.MapImCompat();
        map?.Invoke(app);
        await app.StartAsync();
        return new CompatHost(app, webRoot, broker);
    }

    public Task<string> GetTextAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative));

    public Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] fields) =>
        Client.PostAsync(new Uri(path, UriKind.Relative), new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _webRoot.Delete(recursive: true);
    }

    private sealed class TestKeys : IApiKeys
    {
        public ApiKeyIdentity? Find(string? presentedKey) => presentedKey switch
        {
            ApiKey => new ApiKeyIdentity("all", ApiKeyScopes.All),
            SessionKey => new ApiKeyIdentity("session", [ApiKeyScopes.Session]),
            _ => null,
        };
    }
}
