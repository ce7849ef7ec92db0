using System.Net;
using System.Net.Sockets;
using Im.Node.Sockets;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>The port: bind, stop, and connections that come and go.</summary>
public sealed class ListenerSpecs
{
    [Fact]
    public async Task Should_say_in_one_line_what_is_wrong_when_the_port_is_busy()
    {
        await using var harness = await ListenerHarness.StartAsync();
        await using var second = Create(harness, new WebSocketListenerOptions { Port = harness.EndPoint.Port });

        var error = Should.Throw<ListenException>(second.Start);

        error.Message.ShouldBe($"Cannot listen on 127.0.0.1:{harness.EndPoint.Port}: the port is in use by another process.");
        error.EndPoint.Port.ShouldBe(harness.EndPoint.Port);
    }

    [Fact]
    public async Task Should_take_its_port_again_when_its_last_run_left_closed_sockets()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();
        await client.SendAsync(ClientFrames.Close(1000));
        await client.ReadFrameAsync();
        await client.ReadEndAsync();
        await harness.Listener.StopAcceptingAsync();

        await using var second = Create(harness, new WebSocketListenerOptions { Port = harness.EndPoint.Port });
        second.Start();

        second.EndPoint!.Port.ShouldBe(harness.EndPoint.Port);
    }

    [Fact]
    public async Task Should_serve_both_families_when_bound_to_any_address_of_the_newer()
    {
        await using var harness = await ListenerHarness.StartAsync(new WebSocketListenerOptions { BindAddress = IPAddress.IPv6Any });
        var port = harness.EndPoint.Port;

        using var old = await RawWebSocketClient.OpenAsync(new IPEndPoint(IPAddress.Loopback, port), "/acc");
        using var young = await RawWebSocketClient.OpenAsync(new IPEndPoint(IPAddress.IPv6Loopback, port), "/acc");

        await ListenerHarness.UntilAsync(() => harness.Hub.Slots.Count == 2);
        harness.Hub.Slots.Select(slot => slot.Transport.RemoteEndPoint.Address).ShouldBe([IPAddress.Loopback, IPAddress.IPv6Loopback], ignoreOrder: true);
    }

    [Fact]
    public async Task Should_keep_connections_and_drop_handshakes_when_it_stops_accepting()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var connected = await harness.OpenAsync("/echo");
        using var waiting = await harness.ConnectAsync();
        await ListenerHarness.UntilAsync(() => harness.Listener.HandshakesCount == 1);

        await harness.Listener.StopAcceptingAsync();

        (await waiting.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        await connected.SendAsync(ClientFrames.Text("still here"));
        (await connected.ReadFrameAsync()).Text.ShouldBe("still here");
        await Should.ThrowAsync<SocketException>(harness.ConnectAsync);
    }

    [Fact]
    public async Task Should_leave_nothing_behind_when_a_thousand_come_and_go()
    {
        await using var harness = await ListenerHarness.StartAsync();

        for (var round = 0; round < 10; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => harness.OpenAsync(i % 2 == 0 ? "/acc" : "/echo")));
            for (var i = 0; i < clients.Length; i++)
            {
                if (i % 3 == 0) clients[i].Reset();
                else if (i % 3 == 1) await clients[i].SendAsync(ClientFrames.Close(1000));
                clients[i].Dispose();
            }
        }

        await harness.UntilEmptyAsync();
    }

    private static WebSocketListener Create(ListenerHarness harness, WebSocketListenerOptions options) =>
        new(options, harness.Hub, new NoOrigin(), TimeProvider.System, NullLogger<WebSocketListener>.Instance);

    private sealed class NoOrigin : IOriginPolicy
    {
        public bool Allows(string? origin, string? host) => origin is null;
    }
}
