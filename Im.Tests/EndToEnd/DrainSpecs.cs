using System.Net.WebSockets;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>What connected clients see of a node that is stopped.</summary>
public sealed class DrainSpecs
{
    private const string Level2Login =
        """{"seq":"1","cmd":"login","data":{"v":2,"userId":"bob","appId":101,"device":"device-of-bob","platform":"web"}}""";

    [Fact]
    public async Task Should_close_with_1001_when_the_client_is_level_0()
    {
        var node = await NodeFixture.StartAsync();
        await using var alice = await ChatSocket.LogInAsync(node.WebSocket, 101, "alice");

        var stop = node.StopAsync();

        (await alice.ReceiveAsync()).ShouldBeNull();
        alice.CloseStatus.ShouldBe((WebSocketCloseStatus)CloseCode.GoingAway);
        await alice.CloseAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_say_goaway_and_close_with_4200_when_the_client_is_level_2()
    {
        var node = await NodeFixture.StartAsync();
        await using var bob = await ChatSocket.ConnectAsync(node.WebSocket);
        (await bob.AskAsync(Level2Login)).ShouldNotBeNull().ShouldContain("\"code\":200");

        var stop = node.StopAsync();

        (await bob.ReceiveAsync()).ShouldNotBeNull().ShouldContain("\"cmd\":\"goaway\"");
        (await bob.ReceiveAsync()).ShouldBeNull();
        bob.CloseStatus.ShouldBe((WebSocketCloseStatus)CloseCode.Drain);
        await bob.CloseAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_take_no_newcomer_when_it_drains()
    {
        var node = await NodeFixture.StartAsync("--Im:Drain:Timeout=00:00:02");
        await using var alice = await ChatSocket.LogInAsync(node.WebSocket, 101, "alice");
        var endpoint = node.WebSocket;

        var stop = node.StopAsync();
        (await alice.ReceiveAsync()).ShouldBeNull();

        await Should.ThrowAsync<WebSocketException>(() => ChatSocket.ConnectAsync(endpoint));
        await alice.CloseAsync();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        await node.DisposeAsync();
    }
}
