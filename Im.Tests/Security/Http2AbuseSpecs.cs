using Grpc.Core;
using Grpc.Net.Client;
using Im.Protocol.Ingress.V1;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

/// <summary>Control S16: what is done to one connection of the gRPC port by raw frames ends that connection, and others are served meanwhile.</summary>
public sealed class Http2AbuseSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    private const int ProtocolError = 1, EnhanceYourCalm = 11;

    /// <summary>What the sockets of both sides and the pipes of a connection can hold, several times over.</summary>
    private const int TakenMaxBytes = 48 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Should_cut_off_a_client_that_resets_its_streams_as_fast_as_it_opens_them() => WhileOthersAreServedAsync(async client =>
    {
        var reading = client.ReadGoAwayAsync();
        var head = RawHttp2.CallHead();
        for (var stream = 1; stream < 400_000; stream += 2)
        {
            byte[] both = [.. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, stream, head), .. RawHttp2.Frame(RawHttp2.ResetStream, 0, stream, [0, 0, 0, 8])];
            if (!await client.SendAsync(both)) break;
        }

        (await reading).ShouldBeOneOf(EnhanceYourCalm, null);
    });

    [Fact]
    public Task Should_end_a_connection_when_a_head_has_no_end() => WhileOthersAreServedAsync(async client =>
    {
        var reading = client.ReadGoAwayAsync();
        var goesOn = await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, 0, 1, RawHttp2.CallHead()));
        var sent = 0;
        for (; goesOn && sent < TakenMaxBytes; sent += 4_000) goesOn = await client.SendAsync(RawHttp2.Frame(RawHttp2.Continuation, 0, 1, RawHttp2.Literal(0, "x-more", new string('x', 4_000))));

        sent.ShouldBeLessThan(TakenMaxBytes);
        (await reading).ShouldNotBe(0);
    });

    [Fact]
    public Task Should_end_a_connection_when_frames_of_a_head_are_empty_for_ever() => WhileOthersAreServedAsync(async client =>
    {
        var reading = client.ReadGoAwayAsync();
        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, 0, 1, RawHttp2.CallHead()));
        byte[] many = [.. Enumerable.Repeat(RawHttp2.Frame(RawHttp2.Continuation, 0, 1, []), 100).SelectMany(frame => frame)];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!reading.IsCompleted && await client.SendAsync(many)) await pace.WaitForNextTickAsync();

        (await reading).ShouldNotBe(0);
    });

    /// <summary>A field of 3 KiB that is kept, and named again and again by one byte.</summary>
    [Fact]
    public Task Should_end_a_connection_when_a_small_head_is_a_large_one_after_hpack() => WhileOthersAreServedAsync(async client =>
    {
        var reading = client.ReadGoAwayAsync();
        byte[] head = [.. RawHttp2.CallHead(), .. RawHttp2.Literal(0x40, "x-large", new string('x', 3_000)), .. Enumerable.Repeat((byte)(0x80 | 62), 8_000)];

        await client.SendAsync(RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders | RawHttp2.EndStream, 1, head));

        (await reading).ShouldNotBe(0);
    });

    [Theory]
    [InlineData(RawHttp2.Ping, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(RawHttp2.Settings, new byte[] { 0, 4, 0, 0, 255, 255 })]
    public Task Should_stop_reading_when_a_client_asks_without_end_and_reads_no_answer(byte type, byte[] payload) => WhileOthersAreServedAsync(async client =>
    {
        byte[] many = [.. Enumerable.Repeat(RawHttp2.Frame(type, 0, 0, payload), 4_000).SelectMany(frame => frame)];
        var sent = 0;
        while (sent < TakenMaxBytes && await client.SendAsync(many, RawHttp2.StallPatience)) sent += many.Length;

        sent.ShouldBeLessThan(TakenMaxBytes);
    });

    [Theory]
    [InlineData(RawHttp2.Headers, 2, ProtocolError)]
    [InlineData(RawHttp2.Continuation, 1, ProtocolError)]
    [InlineData(RawHttp2.Data, 1, null)]
    public Task Should_end_a_connection_when_a_frame_has_no_place(byte type, int stream, int? code) => WhileOthersAreServedAsync(async client =>
    {
        await client.SendAsync(RawHttp2.Frame(type, RawHttp2.EndHeaders, stream, type == RawHttp2.Data ? new byte[8] : RawHttp2.CallHead()));

        (await client.ReadGoAwayAsync()).ShouldBeOneOf(code, code ?? 5, code ?? ProtocolError);
    });

    /// <summary>Does it to one connection while calls go on over another; each of those has its answer.</summary>
    private async Task WhileOthersAreServedAsync(Func<RawHttp2, Task> abuse)
    {
        using var channel = GrpcChannel.ForAddress(node.Grpc);
        var presence = new PresenceService.PresenceServiceClient(channel);
        using var client = await RawHttp2.ConnectAsync(node.Grpc.Port);

        var abusing = abuse(client);
        do await AskAsync(presence);
        while (!abusing.IsCompleted);

        await abusing;
        await AskAsync(presence);
    }

    private async Task AskAsync(PresenceService.PresenceServiceClient presence)
    {
        var answer = await presence.QueryOnlineAsync(new QueryOnlineRequest { App = 101, Users = { "nobody" } }, new Metadata { { "x-api-key", node.ApiKey } }, DateTime.UtcNow + Patience);
        answer.Users.ShouldHaveSingleItem();
    }
}
