using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Im.Tests.Clustering.Strangers;

/// <summary>What comes by on an open port, and what somebody sends who means harm. The same seed makes the same pieces.</summary>
internal sealed class PortGarbage(int port, int seed)
{
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>What a node says first, without TLS: <c>akka.tcp://im@127.0.0.1:4053</c>.</summary>
    private static readonly byte[] PlainAssociate = Framed(AssociateMessages.Of("im", "127.0.0.1", 4053));

    private static readonly Func<Random, Socket, Task>[] Kinds =
    [
        (random, socket) => SendAsync(socket, $"GET /{random.Next()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"),
        (random, socket) => SendAsync(socket, $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 65000\r\n\r\n{new string('x', random.Next(65_000))}"),
        (_, socket) => ShakeHandsWithoutCertificateAsync(socket),
        (random, socket) => SendCutHelloAsync(random, socket),
        (random, socket) => SendAsync(socket, Bytes(random, random.Next(1, 8_192))),
        (random, socket) => SendAsync(socket, [0xFF, 0xFF, 0xFF, 0x7F, .. Bytes(random, random.Next(256))]),                       // a frame of 2 GiB
        (random, socket) => SendAsync(socket, [0x16, 0x03, 0x01, 0x40, 0x00, .. Bytes(random, random.Next(20_000))]),              // a handshake of nothing
        (random, socket) => SendAsync(socket, [(byte)random.Next(0x14, 0x18), 0x03, 0x03, 0xFF, 0xFF, .. Bytes(random, 512)]),     // a record of 64 KiB
        (_, socket) => SendAsync(socket, PlainAssociate),
        (_, socket) => SayLittleAsync(socket),
        (_, socket) => { socket.Shutdown(SocketShutdown.Send); return Task.CompletedTask; },
        (_, socket) => { socket.Close(0); return Task.CompletedTask; },
    ];

    /// <summary>Sends so many pieces, and waits until the port has ended each of their connections.</summary>
    public async Task SendAsync(int count)
    {
        using var gate = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(Enumerable.Range(0, count).Select(piece => SendPieceAsync(piece, gate)));
    }

    private async Task SendPieceAsync(int piece, SemaphoreSlim gate)
    {
        await gate.WaitAsync();
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await Kinds[piece % Kinds.Length](new Random(seed + piece), socket);
        }
        catch (Exception ended) when (ended is SocketException or IOException)
        {
            return;   // while it was sent
        }
        finally
        {
            gate.Release();
        }

        await UntilEndedAsync(socket, patience.Token);
    }

    /// <summary>Reads on: what a server says before it ends the connection is no matter.</summary>
    private static async Task UntilEndedAsync(Socket socket, CancellationToken patience)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience) > 0)
            {
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // Reset, or closed on this side.
        }
    }

    private static async Task ShakeHandsWithoutCertificateAsync(Socket socket)
    {
        await using var stream = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, static (_, certificate, _, _) => certificate is not null);
        try
        {
            await stream.AuthenticateAsClientAsync("127.0.0.1");
            await stream.WriteAsync(PlainAssociate);
        }
        catch (AuthenticationException)
        {
            // Refused in the handshake.
        }
    }

    private static async Task SendCutHelloAsync(Random random, Socket socket)
    {
        var recorded = new RecordingStream();
        await using var stream = new SslStream(recorded, leaveInnerStreamOpen: false, static (_, certificate, _, _) => certificate is not null);
        await FailAsync(stream);
        await SendAsync(socket, recorded.Written[..random.Next(1, recorded.Written.Length)]);

        static async Task FailAsync(SslStream stream)
        {
            try
            {
                await stream.AuthenticateAsClientAsync("127.0.0.1");
            }
            catch (IOException)
            {
                // Nobody answers.
            }
        }
    }

    /// <summary>Holds the port: the beginning of a record, and no more.</summary>
    private static async Task SayLittleAsync(Socket socket)
    {
        await SendAsync(socket, [0x16]);
        await SendAsync(socket, [0x03]);
    }

    private static Task SendAsync(Socket socket, string text) => SendAsync(socket, Encoding.ASCII.GetBytes(text));

    private static async Task SendAsync(Socket socket, byte[] bytes) => await new NetworkStream(socket).WriteAsync(bytes);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Framed(byte[] message) => [.. BitConverter.GetBytes(message.Length), .. message];

    /// <summary>Keeps what is written and has nothing to read.</summary>
    private sealed class RecordingStream : MemoryStream
    {
        public byte[] Written => ToArray();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);
    }
}
