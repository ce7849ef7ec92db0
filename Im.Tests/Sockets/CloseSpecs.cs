using Im.Actors.Connections;
using Im.Protocol;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>RFC 6455 §7 on <c>/acc</c>: who ends the stream, with which code the hub is told, and when.</summary>
public sealed class CloseSpecs
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1001)]
    [InlineData(4999)]
    public async Task Should_tell_the_peers_code_once_when_the_peer_closes(int code)
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();

        await client.SendAsync(ClientFrames.Join(ClientFrames.Text("last"), ClientFrames.Close(code)));

        (await client.ReadFrameAsync()).CloseCode.ShouldBe(code);
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        (await harness.NextMessageAsync()).ShouldBe("last");
        (await harness.NextMessageAsync()).ShouldBe($"closed {code}");
        await harness.UntilEmptyAsync();
        harness.Hub.Messages.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Should_tell_1005_when_the_peers_close_has_no_code()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();

        await client.SendAsync(ClientFrames.Encode(Opcode.Close, []));

        (await client.ReadFrameAsync()).Payload.ShouldBeEmpty();
        (await harness.NextMessageAsync()).ShouldBe("closed 1005");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_tell_1006_when_the_peer_leaves_without_a_close(bool reset)
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();
        await client.SendAsync(ClientFrames.Text("last"));
        (await harness.NextMessageAsync()).ShouldBe("last");

        if (reset) client.Reset();
        else client.Dispose();

        (await harness.NextMessageAsync()).ShouldBe("closed 1006");
        await harness.UntilEmptyAsync();
    }

    [Fact]
    public async Task Should_end_the_stream_when_the_peer_answers_the_servers_close()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();
        var slot = await SlotAsync(harness);

        slot.Close(CloseCode.ReplacedByLogin, "replaced");
        var close = await client.ReadFrameAsync();
        close.CloseCode.ShouldBe(4006);
        await client.SendAsync(ClientFrames.Join(ClientFrames.Text("too late"), ClientFrames.Ping(), ClientFrames.Close(4006)));

        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        (await harness.NextMessageAsync()).ShouldBe("closed 4006");
    }

    [Fact]
    public async Task Should_end_in_order_when_the_peer_never_answers_the_servers_close()
    {
        var time = new FakeTimeProvider();
        await using var harness = await ListenerHarness.StartAsync(time: time);
        using var client = await harness.OpenAsync();
        var slot = await SlotAsync(harness);

        slot.Close(CloseCode.KickedByOperator);
        (await client.ReadFrameAsync()).CloseCode.ShouldBe(4005);
        harness.Listener.ConnectionsCount.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(2.2));

        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        (await harness.NextMessageAsync()).ShouldBe("closed 4005");
    }

    [Fact]
    public async Task Should_keep_the_socket_for_the_linger_when_the_input_is_refused()
    {
        var time = new FakeTimeProvider();
        await using var harness = await ListenerHarness.StartAsync(time: time);
        using var client = await harness.OpenAsync();

        await client.SendAsync(ClientFrames.Encode(Opcode.Text, "no mask"u8.ToArray(), masked: false));
        (await client.ReadFrameAsync()).CloseCode.ShouldBe(1002);
        await client.SendAsync(new byte[100_000]);
        harness.Listener.ConnectionsCount.ShouldBe(1);
        await ListenerHarness.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return harness.Listener.ConnectionsCount == 0;
        });

        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        (await harness.NextMessageAsync()).ShouldBe("closed 1002");
    }

    [Fact]
    public async Task Should_deliver_what_was_queued_before_the_close()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();
        var slot = await SlotAsync(harness);

        for (var i = 0; i < 100; i++) slot.Offer(new Frame(FrameWriter.Encode(Opcode.Text, new byte[1000]), FrameKind.Record)).ShouldBe(OfferResult.Accepted);
        slot.Close(CloseCode.Normal);

        for (var i = 0; i < 100; i++) (await client.ReadFrameAsync()).Payload.Length.ShouldBe(1000);
        (await client.ReadFrameAsync()).Opcode.ShouldBe(Opcode.Close);
    }

    [Fact]
    public async Task Should_reset_when_told_to_abort()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync();
        var slot = await SlotAsync(harness);

        slot.Transport.Abort();
        slot.Transport.Abort();

        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Reset);
        (await harness.NextMessageAsync()).ShouldBe("closed 1006");
        await harness.UntilEmptyAsync();
    }

    [Fact]
    public async Task Should_close_a_silent_client_and_count_any_frame_as_a_sign_of_life()
    {
        var time = new FakeTimeProvider();
        await using var harness = await ListenerHarness.StartAsync(limits: new ConnectionLimits { SilenceTimeoutMs = 10_000 }, time: time);
        using var client = await harness.OpenAsync();

        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            await client.SendAsync(ClientFrames.Ping("alive"));
            (await client.ReadFrameAsync()).Opcode.ShouldBe(Opcode.Pong);
        }

        time.Advance(TimeSpan.FromSeconds(11));

        (await client.ReadFrameAsync()).CloseCode.ShouldBe(1000);
    }

    internal static async Task<OutboundSlot> SlotAsync(ListenerHarness harness)
    {
        await ListenerHarness.UntilAsync(() => !harness.Hub.Slots.IsEmpty);
        return harness.Hub.Slots.First();
    }
}
