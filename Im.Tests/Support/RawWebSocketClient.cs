using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Protocol.WebSockets;

namespace Im.Tests.Support;

/// <summary>A frame as it came from the server.</summary>
internal sealed record RawFrame(Opcode Opcode, bool IsFinal, byte[] Payload)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    /// <summary>Of a close frame; 1005 without one.</summary>
    public int CloseCode => Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(Payload);
}

/// <summary>An HTTP answer; names of fields without case.</summary>
internal sealed record RawAnswer(int Status, string Phrase, IReadOnlyDictionary<string, string> Fields, string Body);

internal enum StreamEnd
{
    /// <summary>The server closed in order.</summary>
    Finished,

    /// <summary>The server reset the connection.</summary>
    Reset,
}

/// <summary>A client that sends any bytes at all and reads exactly what the server answers. Every wait is bounded.</summary>
internal sealed class RawWebSocketClient : IDisposable
{
    public const string SampleKey = "dGhlIHNhbXBsZSBub25jZQ==";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    private RawWebSocketClient(Socket socket) => _socket = socket;

    public IPEndPoint LocalEndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Connects without a request.</summary>
    /// <param name="receiveBufferBytes">Small for a client that shall be slow; 0 for the system's choice.</param>
    public static async Task<RawWebSocketClient> ConnectAsync(IPEndPoint server, int receiveBufferBytes = 0)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0) socket.ReceiveBufferSize = receiveBufferBytes;
        using var bound = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(server, bound.Token);
        return new RawWebSocketClient(socket);
    }

    /// <summary>Connects and upgrades; fails unless the answer is 101.</summary>
    public static async Task<RawWebSocketClient> OpenAsync(IPEndPoint server, string path, int receiveBufferBytes = 0)
    {
        var client = await ConnectAsync(server, receiveBufferBytes);
        await client.SendAsync(Request(path));
        var answer = await client.ReadAnswerAsync();
        if (answer.Status == 101) return client;
        client.Dispose();
        throw new InvalidOperationException($"upgrade answered {answer.Status}");
    }

    /// <summary>A good upgrade request.</summary>
    /// <param name="fields">Further lines, each with its CRLF.</param>
    public static byte[] Request(string path, string fields = "") => Encoding.Latin1.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {SampleKey}\r\nSec-WebSocket-Version: 13\r\n{fields}\r\n");

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var bound = new CancellationTokenSource(Patience);
        while (bytes.Length > 0) bytes = bytes[await _socket.SendAsync(bytes, bound.Token)..];
    }

    /// <summary>Sends each byte in a segment of its own; a server that has closed meanwhile ends it early.</summary>
    public async Task SendChoppedAsync(byte[] bytes)
    {
        try
        {
            for (var i = 0; i < bytes.Length; i++) await SendAsync(bytes.AsMemory(i, 1));
        }
        catch (SocketException)
        {
            // What the server said before is still to be read, and judged by the test.
        }
    }

    /// <summary>Sends what the kernel takes without waiting.</summary>
    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        _socket.Blocking = false;
        var sent = _socket.Send(bytes, SocketFlags.None, out var error);
        return error == SocketError.Success ? sent : 0;
    }

    public async Task<RawAnswer> ReadAnswerAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) head.Append((char)(await ReadBytesAsync(1))[0]);
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = lines[0].Split(' ', 3);
        var fields = lines.Skip(1).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        var length = fields.TryGetValue("Content-Length", out var text) ? int.Parse(text) : 0;
        return new RawAnswer(int.Parse(status[1]), status[2], fields, Encoding.UTF8.GetString(await ReadBytesAsync(length)));
    }

    /// <summary>The next frame of the server, which must be unmasked.</summary>
    public async Task<RawFrame> ReadFrameAsync()
    {
        var head = await ReadBytesAsync(2);
        if ((head[1] & 0x80) != 0) throw new InvalidOperationException("a server's frame is masked");
        if ((head[0] & 0x70) != 0) throw new InvalidOperationException("a server's frame has reserved bits");
        var length = (head[1] & 0x7F) switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadBytesAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadBytesAsync(8)),
            var small => small,
        };
        return new RawFrame((Opcode)(head[0] & 0x0F), (head[0] & 0x80) != 0, await ReadBytesAsync(length));
    }

    /// <summary>Reads on until the server ends the stream; further bytes are an error.</summary>
    public async Task<StreamEnd> ReadEndAsync()
    {
        try
        {
            var more = _end - _start + await ReceiveAsync();
            return more == 0 ? StreamEnd.Finished : throw new InvalidOperationException($"{more} bytes instead of the end");
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return StreamEnd.Reset;
        }
    }

    /// <summary>Throws away what comes until the stream ends.</summary>
    public async Task<StreamEnd> DiscardToEndAsync()
    {
        try
        {
            do
            {
                _start = _end = 0;
            }
            while (await ReceiveAsync() > 0);
            return StreamEnd.Finished;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionReset)
        {
            return StreamEnd.Reset;
        }
    }

    /// <summary>Ends the stream in this direction only.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            if (_start == _end && await ReceiveAsync() == 0) throw new EndOfStreamException("the server ended the stream");
            var taken = Math.Min(count - read, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(read));
            _start += taken;
            read += taken;
        }

        return bytes;
    }

    private async Task<int> ReceiveAsync()
    {
        if (_start == _end) _start = _end = 0;
        using var bound = new CancellationTokenSource(Patience);
        var received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), bound.Token);
        _end += received;
        return received;
    }
}
