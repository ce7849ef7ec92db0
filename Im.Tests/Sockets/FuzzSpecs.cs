using System.Net.Sockets;
using System.Text;
using Im.Protocol.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sockets;

/// <summary>10,000 mutated inputs with fixed seeds: 2,000 handshakes, and 4,000 connections with two frames each.</summary>
public sealed class FuzzSpecs
{
    private const int HandshakesCount = 2_000;
    private const int FramesCount = 8_000;
    private const int FramesPerConnection = 2;
    private const int ClientsAtOnce = 8;

    [Fact]
    public async Task Should_serve_a_fresh_client_and_leak_nothing_when_ten_thousand_inputs_were_mutated()
    {
        await using var harness = await ListenerHarness.StartAsync();
        var inputs = Enumerable.Range(0, HandshakesCount).Select(MutatedHandshake).Concat(Enumerable.Range(0, FramesCount / FramesPerConnection).Select(MutatedFrames));

        await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = ClientsAtOnce }, async (input, _) => await SendAsync(harness, input));

        using var fresh = await harness.OpenAsync("/echo");
        await fresh.SendAsync(ClientFrames.Text("still served"));
        (await fresh.ReadFrameAsync()).Text.ShouldBe("still served");
        await fresh.SendAsync(ClientFrames.Close(1000));
        await harness.UntilEmptyAsync();
    }

    /// <summary>Whatever is answered, the server must end the stream once the client has.</summary>
    private static async Task SendAsync(ListenerHarness harness, byte[] input)
    {
        using var client = await harness.ConnectAsync();
        try
        {
            await client.SendAsync(input);
            client.FinishSending();
            await client.DiscardToEndAsync();
        }
        catch (SocketException)
        {
            // Refused while it was still sending.
        }
    }

    private static byte[] MutatedHandshake(int index)
    {
        var random = new Random(index);
        var request = RawWebSocketClient.Request(random.Next(2) == 0 ? "/acc" : "/echo", "Origin: http://localhost\r\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n");
        return Mutate(request, random);
    }

    private static byte[] MutatedFrames(int index)
    {
        var random = new Random(1_000_000 + index);
        var frames = Enumerable.Range(0, FramesPerConnection).Select(_ => Mutate(RandomFrame(random), random)).ToArray();
        return ClientFrames.Join([RawWebSocketClient.Request(random.Next(2) == 0 ? "/acc" : "/echo"), .. frames]);
    }

    private static byte[] RandomFrame(Random random)
    {
        var payload = new byte[random.Next(4) switch { 0 => 0, 1 => random.Next(126), 2 => random.Next(126, 2_000), _ => random.Next(3) }];
        random.NextBytes(payload);
        return random.Next(6) switch
        {
            0 => ClientFrames.Text(Encoding.UTF8.GetBytes(Convert.ToBase64String(payload)), random.Next(3) > 0),
            1 => ClientFrames.Binary(payload, random.Next(3) > 0),
            2 => ClientFrames.Continuation(payload, random.Next(2) > 0),
            3 => ClientFrames.Encode(Opcode.Ping, payload[..Math.Min(125, payload.Length)]),
            4 => ClientFrames.Close(random.Next(6_000), "bye"),
            _ => ClientFrames.Encode((Opcode)random.Next(16), payload, random.Next(2) > 0, random.Next(8), random.Next(4) > 0, new[] { 16, 64 }[random.Next(2)], (ulong)random.NextInt64()),
        };
    }

    private static byte[] Mutate(byte[] input, Random random)
    {
        var bytes = input.ToList();
        for (var i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
            }
        }

        return [.. bytes];
    }
}
