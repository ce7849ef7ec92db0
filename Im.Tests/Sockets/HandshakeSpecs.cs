using System.Net.Sockets;
using System.Text;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>RFC 6455 §4.2 and RFC 9112: what becomes a WebSocket and what does not.</summary>
public sealed class HandshakeSpecs(ListenerHarness harness) : IClassFixture<ListenerHarness>
{
    private const string Good = "GET /acc HTTP/1.1\r\nHost: localhost:8089\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

    /// <summary>Name, what replaces what in the good request.</summary>
    public static TheoryData<string, string, string> Accepted => new()
    {
        { "nothing special", "", "" },
        { "case of values", "Upgrade: websocket", "Upgrade: WebSocket" },
        { "case of names", "Sec-WebSocket-Key", "SEC-WEBSOCKET-KEY" },
        { "connection list", "Connection: Upgrade", "Connection: keep-alive, Upgrade" },
        { "connection list in two fields", "Connection: Upgrade", "Connection: keep-alive\r\nConnection: upgrade" },
        { "upgrade list", "Upgrade: websocket", "Upgrade: h2c, websocket" },
        { "no space behind the colon", "Upgrade: websocket", "Upgrade:websocket" },
        { "tabs and spaces around values", "Upgrade: websocket", "Upgrade: \t websocket \t" },
        { "query", "GET /acc ", "GET /acc?token=a%20b&x=/../ " },
        { "absolute form", "GET /acc ", "GET http://localhost:8089/acc " },
        { "IPv6 host", "Host: localhost:8089", "Host: [::1]:8089" },
        { "content of no length", "Host:", "Content-Length: 0\r\nHost:" },
        { "deflate offer", "Host:", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nHost:" },
        { "sub-protocol when none is configured", "Host:", "Sec-WebSocket-Protocol: chat, superchat\r\nHost:" },
        { "empty value", "Host:", "X-Empty:\r\nHost:" },
        { "bytes above ASCII", "Host:", "X-Name: \u00e9\r\nHost:" },
        { "origin", "Host:", "Origin: http://localhost:8080\r\nHost:" },
        { "7 KiB of cookies", "Host:", "Cookie: " + new string('c', 7 * 1024) + "\r\nHost:" },
        { "99 fields", "Host:", string.Concat(Enumerable.Range(0, 94).Select(i => $"X-{i}: v\r\n")) + "Host:" },
    };

    /// <summary>Status, what replaces what in the good request.</summary>
    public static TheoryData<int, string, string> Refused => new()
    {
        { 400, "Upgrade: websocket\r\nConnection: Upgrade\r\n", "" },
        { 400, "Upgrade: websocket\r\n", "" },
        { 400, "Connection: Upgrade\r\n", "" },
        { 400, "Upgrade: websocket", "Upgrade: websockets" },
        { 400, "Connection: Upgrade", "Connection: close" },
        { 400, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8" },
        { 400, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13, 8" },
        { 400, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 013" },
        { 400, "Sec-WebSocket-Version: 13\r\n", "" },
        { 400, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13" },
        { 400, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "" },
        { 400, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j" },
        { 400, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQAA" },
        { 400, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j ZQ=" },
        { 400, "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZ!==" },
        { 400, "dGhlIHNhbXBsZSBub25jZQ==", "" },
        { 400, "Sec-WebSocket-Key:", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Key:" },
        { 400, "Host: localhost:8089\r\n", "" },
        { 400, "Host: localhost:8089", "Host:" },
        { 400, "Host: localhost:8089", "Host: local host" },
        { 400, "Host: localhost:8089", "Host: a@localhost" },
        { 400, "Host: localhost:8089", "Host: localhost\r\nHost: elsewhere" },
        { 400, "Host:", "Origin: http://a\r\nOrigin: http://b\r\nHost:" },
        { 400, "HTTP/1.1", "HTTP/1.0" },
        { 400, "HTTP/1.1", "HTTP/2.0" },
        { 400, "HTTP/1.1", "http/1.1" },
        { 400, "GET /acc HTTP/1.1", "GET /acc" },
        { 400, "GET /acc ", "GET  /acc " },
        { 400, "GET /acc ", "GET acc " },
        { 400, "GET /acc ", "GET /acc#part " },
        { 400, "GET /acc ", "get /acc " },
        { 400, "Host:", "X Y: 1\r\nHost:" },
        { 400, "Host:", "X-Y : 1\r\nHost:" },
        { 400, "Host:", ": 1\r\nHost:" },
        { 400, "Host:", "nothing\r\nHost:" },
        { 400, "Host:", "X: 1\r\n folded\r\nHost:" },
        { 400, "Host:", "X: a\0b\r\nHost:" },
        { 400, "Host:", "X: a\rb\r\nHost:" },
        { 400, "Host:", "X: a\nHost:" },
        { 400, "Host:", "Content-Length: 5\r\nHost:" },
        { 400, "Host:", "Transfer-Encoding: chunked\r\nHost:" },
        { 400, "Host:", "Transfer-Encoding: identity\r\nHost:" },
        { 400, "Host:", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\nHost:" },
        { 400, "Host:", "Content-Length: 0\r\nContent-Length: 0\r\nHost:" },
        { 400, "Host:", "Content-Length: 0\r\nContent-Length: 5\r\nHost:" },
        { 400, "Host:", "Content-Length: 0, 5\r\nHost:" },
        { 400, "Host:", "Content-Length: +0\r\nHost:" },
        { 400, "Host:", "Content-Length : 0\r\nHost:" },
        { 400, "GET /acc HTTP/1.1\r\n", "GET /acc HTTP/1.1\n" },
        { 404, "GET /acc ", "GET / " },
        { 404, "GET /acc ", "GET /acc/ " },
        { 404, "GET /acc ", "GET /ACC " },
        { 404, "GET /acc ", "GET /debug/requests " },
        { 404, "GET /acc ", "GET http://localhost/other " },
        { 404, "GET /acc ", "OPTIONS * " },
        { 405, "GET /acc ", "POST /acc " },
        { 405, "GET /acc ", "HEAD /acc " },
        { 405, "GET /acc ", "DELETE /acc " },
        { 431, "Host:", "Cookie: " + new string('c', 9 * 1024) + "\r\nHost:" },
        { 431, "Host:", string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: v\r\n")) + "Host:" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Should_upgrade_when_the_request_is_good(string name, string old, string replacement)
    {
        name.ShouldNotBeEmpty();
        using var client = await SendAsync(old, replacement);

        var answer = await client.ReadAnswerAsync();

        answer.Status.ShouldBe(101);
        answer.Fields.ShouldBe(
            new Dictionary<string, string> { ["Upgrade"] = "websocket", ["Connection"] = "Upgrade", ["Sec-WebSocket-Accept"] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" }, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Should_answer_a_status_when_the_request_is_bad(int status, string old, string replacement)
    {
        using var client = await SendAsync(old, replacement);

        var answer = await client.ReadAnswerAsync();

        answer.Status.ShouldBe(status);
        answer.Fields["Connection"].ShouldBe("close");
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 7", "Sec-WebSocket-Version", "13")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\n", "", "Sec-WebSocket-Version", "13")]
    [InlineData("GET /acc ", "POST /acc ", "Allow", "GET")]
    public async Task Should_say_what_it_takes_when_it_refuses(string old, string replacement, string field, string value)
    {
        using var client = await SendAsync(old, replacement);

        (await client.ReadAnswerAsync()).Fields[field].ShouldBe(value);
    }

    [Fact]
    public async Task Should_upgrade_when_the_request_comes_byte_by_byte()
    {
        using var client = await harness.ConnectAsync();

        await client.SendChoppedAsync(RawWebSocketClient.Request("/acc"));

        (await client.ReadAnswerAsync()).Status.ShouldBe(101);
    }

    [Fact]
    public async Task Should_lose_no_frame_when_frames_come_with_the_request()
    {
        using var client = await harness.ConnectAsync();

        await client.SendAsync(ClientFrames.Join(RawWebSocketClient.Request("/echo"), ClientFrames.Text("early"), ClientFrames.Text("half")[..5]));
        (await client.ReadAnswerAsync()).Status.ShouldBe(101);
        (await client.ReadFrameAsync()).Text.ShouldBe("early");
        await client.SendAsync(ClientFrames.Text("half").AsMemory(5));

        (await client.ReadFrameAsync()).Text.ShouldBe("half");
    }

    [Fact]
    public async Task Should_refuse_at_the_first_byte_when_the_client_speaks_tls()
    {
        using var client = await harness.ConnectAsync();

        await client.SendAsync(new byte[] { 0x16, 0x03, 0x01 });

        (await client.ReadAnswerAsync()).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Should_forget_the_socket_when_the_client_leaves_in_the_middle()
    {
        using (var client = await harness.ConnectAsync()) await client.SendAsync(RawWebSocketClient.Request("/acc").AsMemory(0, 20));

        await ListenerHarness.UntilAsync(() => harness.Listener.HandshakesCount == 0);
    }

    [Fact]
    public void Should_prove_the_key_as_the_rfc_shows() => UpgradeResponse.Accept(RawWebSocketClient.SampleKey).ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

    private async Task<RawWebSocketClient> SendAsync(string old, string replacement)
    {
        if (old.Length > 0) Good.Contains(old, StringComparison.Ordinal).ShouldBeTrue();
        var client = await harness.ConnectAsync();
        try
        {
            await client.SendAsync(Encoding.Latin1.GetBytes((old.Length == 0 ? Good : Good.Replace(old, replacement, StringComparison.Ordinal)) + "\r\n"));
        }
        catch (SocketException)
        {
            // Refused before the end of the request: its answer is still to be read.
        }

        return client;
    }
}
