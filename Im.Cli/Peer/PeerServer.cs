using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Cli.Peer;

/// <summary>An ASP.NET Core SignalR server with default options, but no logging and a patient handshake, that ours is measured beside. It ends when the bench's end of its standard input is closed.</summary>
internal static class PeerServer
{
    public static async Task RunAsync(int port, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        // The bench connects all before it logs in the first.
        builder.Services.AddSignalR(hub => hub.HandshakeTimeout = TimeSpan.FromMinutes(5));
        builder.Services.AddSingleton<PeerConnections>();
        await using var app = builder.Build();
        app.MapHub<PeerHub>("/hub", hub => hub.Transports = HttpTransportType.WebSockets);
        app.MapGet("/ready", () => Results.Ok());
        app.MapPost("/diagnostics:collect", (PeerConnections connections) => Results.Ok(Collect(connections.Count)));
        await app.StartAsync(cancellation);
        await EndOfInputAsync(cancellation);
        await app.StopAsync(CancellationToken.None);
    }

    private static object Collect(int connections)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new { HeapBytes = GC.GetTotalMemory(false), RssBytes = Environment.WorkingSet, Connections = connections };
    }

    private static async Task EndOfInputAsync(CancellationToken cancellation)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        while (await input.ReadLineAsync(cancellation) is not null)
        {
        }
    }
}
