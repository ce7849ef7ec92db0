using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

public sealed class EchoSpecs(ListenerHarness harness) : IClassFixture<ListenerHarness>
{
    [Fact]
    public async Task Should_send_a_message_back_when_it_is_whole()
    {
        using var client = await harness.OpenAsync("/echo");

        await client.SendAsync(ClientFrames.Text("你好"));

        (await client.ReadFrameAsync()).Text.ShouldBe("你好");
    }

    [Fact]
    public async Task Should_end_in_order_when_the_client_closes()
    {
        using var client = await harness.OpenAsync("/echo");

        await client.SendAsync(ClientFrames.Close(1000, "bye"));

        var close = await client.ReadFrameAsync();
        close.Opcode.ShouldBe(Opcode.Close);
        close.CloseCode.ShouldBe(1000);
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
    }
}
