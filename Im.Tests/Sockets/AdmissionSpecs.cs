using System.Net;
using System.Text;
using Im.Node.Security;
using Im.Node.Sockets;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>Who is let in: origins, capacity, sub-protocols, proxies, deadlines.</summary>
public sealed class AdmissionSpecs
{
    [Theory]
    [InlineData("Origin: https://evil.example\r\n", 403)]
    [InlineData("Origin: http://localhost\r\n", 101)]
    [InlineData("", 101)]
    public async Task Should_ask_the_origin_policy_when_a_request_is_good(string fields, int status)
    {
        await using var harness = await ListenerHarness.StartAsync(origins: new OnlyLocalhost());
        using var client = await harness.ConnectAsync();

        await client.SendAsync(RawWebSocketClient.Request("/acc", fields));

        (await client.ReadAnswerAsync()).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Should_answer_503_before_the_upgrade_when_the_node_is_full()
    {
        await using var harness = await ListenerHarness.StartAsync();
        harness.Hub.Capacity = 1;
        using var first = await harness.OpenAsync();
        using var second = await harness.ConnectAsync();

        await second.SendAsync(RawWebSocketClient.Request("/acc"));

        var answer = await second.ReadAnswerAsync();
        answer.Status.ShouldBe(503);
        answer.Fields.Keys.ShouldContain("Retry-After");
    }

    [Fact]
    public async Task Should_say_whether_a_newcomer_would_be_let_in()
    {
        await using var harness = await ListenerHarness.StartAsync();
        harness.Hub.Capacity = 1;

        for (var i = 0; i < 3; i++) (await StatusOfAsync(harness, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldBe(200, "a question takes no place");
        using var only = await harness.OpenAsync();

        (await StatusOfAsync(harness, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")).ShouldBe(503);
        (await StatusOfAsync(harness, "POST /readyz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")).ShouldBe(405);
    }

    [Fact]
    public async Task Should_let_a_newcomer_in_when_another_has_left()
    {
        await using var harness = await ListenerHarness.StartAsync();
        harness.Hub.Capacity = 1;
        using (var first = await harness.OpenAsync()) await first.SendAsync(ClientFrames.Close(1000));
        await harness.UntilEmptyAsync();

        using var second = await harness.OpenAsync();

        await ListenerHarness.UntilAsync(() => harness.Listener.ConnectionsCount == 1);
    }

    [Fact]
    public async Task Should_answer_404_for_the_echo_when_it_is_off()
    {
        var options = new WebSocketListenerOptions { Port = 0 };
        await using var harness = await ListenerHarness.StartAsync();
        await using var listener = new WebSocketListener(options, harness.Hub, new OnlyLocalhost(), TimeProvider.System, NullLogger<WebSocketListener>.Instance);
        listener.Start();
        using var client = await RawWebSocketClient.ConnectAsync(listener.EndPoint!);

        await client.SendAsync(RawWebSocketClient.Request("/echo"));

        (await client.ReadAnswerAsync()).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: im.v9, im.v2\r\n", "im.v2")]
    [InlineData("Sec-WebSocket-Protocol: im.v1\r\nSec-WebSocket-Protocol: im.v2\r\n", "im.v1")]
    [InlineData("Sec-WebSocket-Protocol: IM.V2\r\n", null)]
    [InlineData("", null)]
    public async Task Should_select_the_first_protocol_of_the_client_that_it_speaks(string fields, string? selected)
    {
        await using var harness = await ListenerHarness.StartAsync(new WebSocketListenerOptions { SubProtocols = ["im.v2", "im.v1"] });
        using var client = await harness.ConnectAsync();

        await client.SendAsync(RawWebSocketClient.Request("/acc", fields));

        (await client.ReadAnswerAsync()).Fields.GetValueOrDefault("Sec-WebSocket-Protocol").ShouldBe(selected);
    }

    [Theory]
    [InlineData("127.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.1", "6.6.6.6, 203.0.113.9:443, 127.0.0.1", "203.0.113.9")]
    [InlineData("127.0.0.1", "[2001:db8::1]:9", "2001:db8::1")]
    [InlineData("127.0.0.1", "nonsense", "127.0.0.1")]
    [InlineData("10.0.0.1", "203.0.113.9", "127.0.0.1")]
    [InlineData("127.0.0.0/8", "6.6.6.6, 203.0.113.9, 127.0.0.7", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    public async Task Should_believe_forwarded_for_only_when_the_peer_is_a_known_proxy(string proxy, string forwarded, string expected)
    {
        await using var harness = await ListenerHarness.StartAsync(new WebSocketListenerOptions { KnownProxies = [ProxyNetwork.Parse(proxy)] });
        using var client = await harness.ConnectAsync();

        await client.SendAsync(RawWebSocketClient.Request("/acc", $"X-Forwarded-For: {forwarded}\r\n"));
        await client.ReadAnswerAsync();

        await ListenerHarness.UntilAsync(() => !harness.Hub.Slots.IsEmpty);
        harness.Hub.Slots.First().Transport.RemoteEndPoint.Address.ShouldBe(IPAddress.Parse(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /acc HTTP/1.1\r\nHost: slow")]
    public async Task Should_cut_a_handshake_when_it_takes_longer_than_its_time(string sent)
    {
        var time = new FakeTimeProvider();
        await using var harness = await ListenerHarness.StartAsync(time: time);
        using var client = await harness.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(sent));
        await ListenerHarness.UntilAsync(() => harness.Hub.Wheel.Count == 1);   // its time runs
        time.Advance(TimeSpan.FromSeconds(4.8));
        harness.Listener.HandshakesCount.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(0.4));

        (await client.ReadAnswerAsync()).Status.ShouldBe(408);
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);

        // The linger may begin after its answer has been read, so time goes on until it is over.
        await ListenerHarness.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return harness.Listener.HandshakesCount == 0;
        });
        await harness.UntilEmptyAsync();
    }

    [Fact]
    public async Task Should_close_the_socket_at_once_when_too_many_are_in_handshake()
    {
        await using var harness = await ListenerHarness.StartAsync(new WebSocketListenerOptions { HandshakesMaxCount = 1 });
        using var first = await harness.ConnectAsync();
        await ListenerHarness.UntilAsync(() => harness.Listener.HandshakesCount == 1);

        using var second = await harness.ConnectAsync();

        (await second.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
    }

    [Fact]
    public async Task Should_answer_503_when_file_handles_run_short()
    {
        await using var harness = await ListenerHarness.StartAsync(new WebSocketListenerOptions { HandlesMaxCount = 1 });
        using var client = await harness.ConnectAsync();

        (await client.ReadAnswerAsync()).Status.ShouldBe(503);
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
    }

    [Fact]
    public async Task Should_give_the_reservation_back_when_no_slot_could_be_made()
    {
        await using var harness = await ListenerHarness.StartAsync();
        harness.Hub.FailsToOpen = true;
        using var client = await harness.ConnectAsync();

        await client.SendAsync(RawWebSocketClient.Request("/acc"));

        (await client.ReadAnswerAsync()).Status.ShouldBe(101);
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Reset);
        await harness.UntilEmptyAsync();
    }

    private static async Task<int> StatusOfAsync(ListenerHarness harness, string request)
    {
        using var client = await harness.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes(request));
        return (await client.ReadAnswerAsync()).Status;
    }

    private sealed class OnlyLocalhost : IOriginPolicy
    {
        public bool Allows(string? origin, string? host) => origin is null or "http://localhost" && host == "localhost";
    }
}
