using Im.Actors.Connections;
using Im.Node.Sockets;
using Im.Protocol;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>Clients that send more than is answered, and clients that do not read.</summary>
public sealed class BackPressureSpecs
{
    private const int SmallReceiveBufferBytes = 16 * 1024;

    [Fact]
    public async Task Should_stop_reading_when_the_credit_is_used_up_and_go_on_when_it_comes_back()
    {
        await using var harness = await ListenerHarness.StartAsync(limits: new ConnectionLimits { UnansweredMaxCount = 8 });
        harness.Hub.GivesCredit = false;
        using var client = await harness.OpenAsync();

        await client.SendAsync(ClientFrames.Join([.. Enumerable.Range(0, 100).Select(i => ClientFrames.Text($"{i}"))]));
        await ListenerHarness.UntilAsync(() => harness.Hub.HeldCount == 8);
        await client.SendAsync(ClientFrames.Ping("unread while paused"));
        harness.Hub.HeldCount.ShouldBe(8);
        harness.Hub.GiveHeldCredit();

        for (var i = 0; i < 100; i++) (await harness.NextMessageAsync()).ShouldBe($"{i}");
        (await client.ReadFrameAsync()).Text.ShouldBe("unread while paused");
    }

    [Fact]
    public async Task Should_leave_a_flood_with_the_client_when_nothing_is_answered()
    {
        var limits = new ConnectionLimits();
        await using var harness = await ListenerHarness.StartAsync(limits: limits);
        harness.Hub.GivesCredit = false;
        using var client = await harness.OpenAsync();
        var flood = ClientFrames.Binary(new byte[60_000]);

        var bound = (limits.UnansweredMaxBytes + 59_999) / 60_000;
        // The kernel takes some megabytes for both ends; then the client stands still while the server holds its bound.
        var sentWithoutMessage = 0L;
        var rest = flood.AsMemory();
        await ListenerHarness.UntilAsync(() =>
        {
            var sent = client.TrySend(rest.Span);
            rest = sent == rest.Length ? flood : rest[sent..];
            sentWithoutMessage = sent == 0 ? sentWithoutMessage + 1 : 0;
            return sentWithoutMessage > 20 && harness.Hub.HeldCount >= bound;
        });

        harness.Hub.HeldCount.ShouldBe(bound);
    }

    [Fact]
    public async Task Should_close_a_paused_connection_when_the_server_wants_to()
    {
        await using var harness = await ListenerHarness.StartAsync(limits: new ConnectionLimits { UnansweredMaxCount = 2 });
        harness.Hub.GivesCredit = false;
        using var client = await harness.OpenAsync();
        await client.SendAsync(ClientFrames.Join([.. Enumerable.Range(0, 10).Select(i => ClientFrames.Text($"{i}"))]));
        await ListenerHarness.UntilAsync(() => harness.Hub.HeldCount == 2);

        harness.Hub.Slots.First().Close(CloseCode.Drain);
        (await client.ReadFrameAsync()).CloseCode.ShouldBe(4200);
        await client.SendAsync(ClientFrames.Close(4200));

        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
        harness.Hub.HeldCount.ShouldBe(2);
    }

    [Fact]
    public async Task Should_hold_a_buffer_only_in_the_middle_of_a_message()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync("/echo");
        var connection = (WebSocketConnection)(await CloseSpecs.SlotAsync(harness)).Transport;
        var message = ClientFrames.Text("in two parts");

        await client.SendAsync(ClientFrames.Join(ClientFrames.Text("whole"), message[..9]));
        (await client.ReadFrameAsync()).Text.ShouldBe("whole");
        await ListenerHarness.UntilAsync(() => connection.HoldsInput);
        await client.SendAsync(message.AsMemory(9));
        (await client.ReadFrameAsync()).Text.ShouldBe("in two parts");

        await ListenerHarness.UntilAsync(() => !connection.HoldsInput);
    }

    [Fact]
    public async Task Should_drop_no_echo_when_the_client_reads_late()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync("/echo", SmallReceiveBufferBytes);
        var slot = await CloseSpecs.SlotAsync(harness);
        var messages = Enumerable.Range(0, 100).Select(i => (byte[])[.. BitConverter.GetBytes(i), .. new byte[40_000]]).ToArray();

        var sending = Task.Run(async () =>
        {
            foreach (var message in messages) await client.SendAsync(ClientFrames.Binary(message));
        });
        await ListenerHarness.UntilAsync(() => slot.PendingBytes > 0);
        foreach (var message in messages)
        {
            slot.PendingBytes.ShouldBeLessThanOrEqualTo(slot.Limits.OutboundMaxBytes);
            (await client.ReadFrameAsync()).Payload.AsSpan().SequenceEqual(message).ShouldBeTrue();
        }

        await sending;
    }

    [Fact]
    public async Task Should_send_large_frames_whole_when_the_kernel_takes_them_in_parts()
    {
        await using var harness = await ListenerHarness.StartAsync(limits: new ConnectionLimits { OutboundMaxBytes = 64 << 20 });
        using var client = await harness.OpenAsync("/acc", SmallReceiveBufferBytes);
        var slot = await CloseSpecs.SlotAsync(harness);
        var random = new Random(6455);
        var payloads = Enumerable.Range(0, 40).Select(_ => new byte[random.Next(1, 900_000)]).ToArray();
        foreach (var payload in payloads) random.NextBytes(payload);

        foreach (var payload in payloads) slot.Offer(new Frame(FrameWriter.Encode(Opcode.Binary, payload), FrameKind.Record)).ShouldBe(OfferResult.Accepted);

        foreach (var payload in payloads) (await client.ReadFrameAsync()).Payload.AsSpan().SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_record_4203_and_reset_when_the_reader_takes_no_byte()
    {
        var time = new FakeTimeProvider();
        await using var harness = await ListenerHarness.StartAsync(time: time);
        using var client = await harness.OpenAsync("/acc", SmallReceiveBufferBytes);
        var slot = await CloseSpecs.SlotAsync(harness);
        var frame = new Frame(FrameWriter.Encode(Opcode.Text, new byte[30_000]), FrameKind.Record, "r:x");

        await ListenerHarness.UntilAsync(() => slot.Offer(frame) == OfferResult.Full && slot.PendingBytes > slot.Limits.OutboundMaxBytes - frame.Length);
        slot.PendingBytes.ShouldBeLessThanOrEqualTo(slot.Limits.OutboundMaxBytes);
        await ListenerHarness.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return harness.Listener.ConnectionsCount == 0;
        });

        (await harness.NextMessageAsync()).ShouldBe("closed 4203");
        (await client.DiscardToEndAsync()).ShouldBe(StreamEnd.Reset);
        await harness.UntilEmptyAsync();
    }

    [Fact]
    public async Task Should_hold_a_bounded_number_of_pongs_when_a_client_pings_without_reading()
    {
        await using var harness = await ListenerHarness.StartAsync();
        using var client = await harness.OpenAsync("/acc", SmallReceiveBufferBytes);
        var slot = await CloseSpecs.SlotAsync(harness);
        var pings = ClientFrames.Join([.. Enumerable.Repeat(ClientFrames.Ping(new string('p', 125)), 500)]);

        for (var i = 0; i < 200; i++) await client.SendAsync(pings);

        slot.PendingBytes.ShouldBeLessThanOrEqualTo(slot.Limits.OutboundMaxBytes);
        harness.Listener.ConnectionsCount.ShouldBe(1);
    }
}
