using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Im.Actors.Administration;
using Im.Actors.Edge;
using Im.Node.Ingress;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Lifetime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>The server API on real sockets: HTTP/1.1 and h2c on free ports, in front of a <see cref="FakeBroker"/>.</summary>
public sealed class IngressHost : IAsyncLifetime, IDisposable
{
    public const string Key = "im_test_key_with_every_scope";

    private readonly List<IDisposable> _clients = [];
    private WebApplication? _app;

    internal FakeBroker Broker { get; } = new();

    internal FakeClusterAdmin Cluster { get; } = new();

    internal TimeProvider Time { get; set; } = TimeProvider.System;

    internal WebApplication App => _app!;

    internal HttpClient Http { get; private set; } = null!;

    internal string HttpAddress { get; private set; } = "";

    internal string GrpcAddress { get; private set; } = "";

    /// <summary>Calls with <see cref="Key"/>.</summary>
    internal CallInvoker Grpc { get; private set; } = null!;

    public static string KeyOf(string scope) => $"im_test_key_for_{scope}_only";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<IBroker>(Broker);
        builder.Services.AddSingleton<IClusterAdmin>(Cluster);
        builder.Services.AddSingleton(Time);
        builder.Services.AddSingleton(new IngressSettings
        {
            Apps = new HashSet<uint> { 101, 102 },
            ApiKeys = [ApiKeyEntry.OfKey("default", Key, ApiKeyScopes.All), .. ApiKeyScopes.All.Select(scope => ApiKeyEntry.OfKey(scope, KeyOf(scope), [scope]))],
        });
        builder.Services.AddHealthChecks().AddCheck("alive", () => HealthCheckResult.Healthy());
        builder.Services.AddImIngress();
        builder.Services.AddHostedService<Drains>();
        _app = builder.Build();
        _app.MapImIngress();
        _app.MapGroup("/guarded").RequireApiKey(ApiKeyScopes.Presence).MapGet("/route", (HttpContext context) => context.Features.Get<ApiKeyIdentity>()!.Id);
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (HttpAddress, GrpcAddress) = (addresses[0], addresses[1]);
        Http = Own(new HttpClient { BaseAddress = new Uri(HttpAddress) });
        Http.DefaultRequestHeaders.Add(ApiKeyGate.Header, Key);
        Grpc = GrpcWith(Key);
    }

    /// <param name="key">Null sends none.</param>
    internal CallInvoker GrpcWith(string? key)
    {
        var invoker = Own(GrpcChannel.ForAddress(GrpcAddress)).CreateCallInvoker();
        return key is null ? invoker : invoker.Intercept(metadata =>
        {
            metadata.Add(ApiKeyGate.Header, key);
            return metadata;
        });
    }

    /// <summary>Sends with <see cref="Key"/> and reads status and JSON; the path goes out as it is written.</summary>
    internal async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(HttpAddress + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    internal Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string? json = null) => SendAsync(HttpMethod.Post, path, json);

    internal Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public async Task DisposeAsync()
    {
        Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Dispose();
        _clients.Clear();
    }

    /// <summary>Drains before anything stops, as the node does.</summary>
    private sealed class Drains(IEnumerable<INodeDrain> drains) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.WhenAll(drains.Select(drain => drain.DrainAsync(cancellationToken)));

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private T Own<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }
}
