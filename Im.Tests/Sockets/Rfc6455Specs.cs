using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>The tables against the real listener over real sockets, each row whole and in segments of one byte.</summary>
public sealed class Rfc6455Specs(ListenerHarness harness) : IClassFixture<ListenerHarness>
{
    /// <summary>Longer rows come whole only; 65,536 segments would test the kernel.</summary>
    private const int ChoppedMaxBytes = 4096;

    private static readonly Dictionary<string, Rfc6455Case> Cases =
        FramingCases.All().Concat(TextCases.All()).Concat(CloseCases.All()).ToDictionary(row => row.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static TheoryData<string> ShortNames => [.. Cases.Values.Where(row => row.Sent.Length <= ChoppedMaxBytes).Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Should_keep_the_rules_when_the_input_comes_whole(string name) => RunAsync(Cases[name], (client, bytes) => client.SendAsync(bytes));

    [Theory]
    [MemberData(nameof(ShortNames))]
    public Task Should_keep_the_rules_when_the_input_comes_byte_by_byte(string name) => RunAsync(Cases[name], (client, bytes) => client.SendChoppedAsync(bytes));

    [Fact]
    public void Should_have_at_least_150_rows() => Cases.Count.ShouldBeGreaterThanOrEqualTo(150);

    private async Task RunAsync(Rfc6455Case row, Func<RawWebSocketClient, byte[], Task> send)
    {
        using var client = await harness.OpenAsync("/echo");
        await send(client, row.Sent);
        foreach (var answer in row.Answers)
        {
            var frame = await client.ReadFrameAsync();
            frame.Opcode.ShouldBe(answer.Opcode);
            frame.IsFinal.ShouldBeTrue();
            frame.Payload.AsSpan().SequenceEqual(answer.Payload).ShouldBeTrue();
        }

        var (closing, code) = row.Refusal != 0 ? ([], row.Refusal) : row.Closing ?? (ClientFrames.Close(1000), 1000);
        await send(client, closing);
        var close = await client.ReadFrameAsync();
        close.Opcode.ShouldBe(Opcode.Close);
        close.CloseCode.ShouldBe(code);

        // Who is refused answers and leaves, which spares the test the linger.
        if (row.Refusal != 0) client.FinishSending();
        (await client.ReadEndAsync()).ShouldBe(StreamEnd.Finished);
    }
}
