using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Tests.Security;

/// <summary>A client that sends any frames at all (RFC 9113), and knows of the answers only what frames they are.</summary>
internal sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0, Headers = 1, ResetStream = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    public const byte EndStream = 1, EndHeaders = 4;

    private const int FrameHeadLength = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>In which a server that reads takes something, unless its machine stands still.</summary>
    public static readonly TimeSpan StallPatience = TimeSpan.FromSeconds(3);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawHttp2> ConnectAsync(int port)
    {
        var client = new RawHttp2();
        await client._socket.ConnectAsync(IPAddress.Loopback, port);
        byte[] preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];
        await client.SendAsync(preface);
        return client;
    }

    public static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeadLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(FrameHeadLength));
        return frame;
    }

    /// <summary>The head of a gRPC call, each field a literal of RFC 7541 without index.</summary>
    public static byte[] CallHead(params (string Name, string Value)[] more)
    {
        (string, string)[] fields = [(":method", "POST"), (":scheme", "http"), (":path", "/im.ingress.v1.PresenceService/QueryOnline"), (":authority", "127.0.0.1"), ("content-type", "application/grpc"), ("te", "trailers"), .. more];
        return [.. fields.SelectMany(field => Literal(0x00, field.Item1, field.Item2))];
    }

    /// <param name="kind">0x00: not kept; 0x40: kept in the dynamic table.</param>
    public static byte[] Literal(byte kind, string name, string value) => [kind, .. Text(name), .. Text(value)];

    /// <summary>False when the server has ended the connection, or takes nothing more for so long.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes, TimeSpan? stall = null)
    {
        try
        {
            while (bytes.Length > 0)
            {
                using var patience = new CancellationTokenSource(stall ?? Patience);
                bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
            }

            return true;
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Reads to the end of the connection.</summary>
    /// <returns>The error code of GOAWAY; null when the connection ended without one.</returns>
    public async Task<int?> ReadGoAwayAsync()
    {
        int? code = null;
        var head = new byte[FrameHeadLength];
        while (await ReadAsync(head))
        {
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >> 8];
            if (!await ReadAsync(payload)) break;
            if (head[3] == GoAway) code = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
        }

        return code;
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadAsync(Memory<byte> into)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (into.Length > 0)
            {
                var length = await _socket.ReceiveAsync(into, patience.Token);
                if (length == 0) return false;
                into = into[length..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>RFC 7541 §5.2, without Huffman; the length with a prefix of seven bits.</summary>
    private static byte[] Text(string text)
    {
        var bytes = new List<byte>();
        var length = text.Length;
        if (length < 127) bytes.Add((byte)length);
        else
        {
            bytes.Add(127);
            for (length -= 127; length >= 128; length >>= 7) bytes.Add((byte)((length & 127) | 128));
            bytes.Add((byte)length);
        }

        return [.. bytes, .. Encoding.ASCII.GetBytes(text)];
    }
}
