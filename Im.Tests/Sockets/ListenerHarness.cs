using System.Net;
using Im.Actors.Connections;
using Im.Node.Sockets;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>A real listener on a free loopback port over <see cref="FakeConnectionHub"/>.</summary>
public sealed class ListenerHarness : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public ListenerHarness()
        : this(null)
    {
    }

    internal ListenerHarness(WebSocketListenerOptions? options, ConnectionLimits? limits = null, TimeProvider? time = null, IOriginPolicy? origins = null)
    {
        time ??= TimeProvider.System;
        Hub = new FakeConnectionHub(time, limits ?? new ConnectionLimits());
        options ??= new WebSocketListenerOptions();
        Listener = new WebSocketListener(options with { Port = 0, ConformanceEcho = true }, Hub, origins ?? new AnyOrigin(), time, NullLogger<WebSocketListener>.Instance);
    }

    internal FakeConnectionHub Hub { get; }

    internal WebSocketListener Listener { get; }

    internal IPEndPoint EndPoint => Listener.EndPoint!;

    internal static async Task<ListenerHarness> StartAsync(
        WebSocketListenerOptions? options = null, ConnectionLimits? limits = null, TimeProvider? time = null, IOriginPolicy? origins = null)
    {
        var harness = new ListenerHarness(options, limits, time, origins);
        await harness.InitializeAsync();
        return harness;
    }

    public Task InitializeAsync()
    {
        Listener.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Listener.DisposeAsync();
        Hub.Dispose();
    }

    internal Task<RawWebSocketClient> ConnectAsync() => RawWebSocketClient.ConnectAsync(EndPoint);

    internal Task<RawWebSocketClient> OpenAsync(string path = "/acc", int receiveBufferBytes = 0) => RawWebSocketClient.OpenAsync(EndPoint, path, receiveBufferBytes);

    /// <summary>What the hub was told next.</summary>
    internal async Task<string> NextMessageAsync()
    {
        using var bound = new CancellationTokenSource(Patience);
        return await Hub.Messages.ReadAsync(bound.Token);
    }

    /// <summary>Waits until no socket, slot or reservation is left.</summary>
    internal Task UntilEmptyAsync() => UntilAsync(() => Listener is { ConnectionsCount: 0, HandshakesCount: 0 } && Hub.ReservedCount == 0);

    internal static async Task UntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await ticks.WaitForNextTickAsync(bound.Token);
    }

    private sealed class AnyOrigin : IOriginPolicy
    {
        public bool Allows(string? origin, string? host) => true;
    }
}
