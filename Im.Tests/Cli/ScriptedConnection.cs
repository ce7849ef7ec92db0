using System.Net.Sockets;
using System.Text;
using Im.Protocol.WebSockets;

namespace Im.Tests.Cli;

/// <summary>The server's end of one connection.</summary>
internal sealed class ScriptedConnection(NetworkStream stream, CancellationToken stop)
{
    public async Task SendAsync(string text) => await SendRawAsync(FrameWriter.Encode(Opcode.Text, Encoding.UTF8.GetBytes(text)));

    public async Task SendRawAsync(byte[] bytes) => await stream.WriteAsync(bytes, stop);

    /// <summary>The next frame of the client, unmasked; throws when the client is gone.</summary>
    public async Task<(Opcode Opcode, string Text)> ReadAsync()
    {
        var head = await ExactlyAsync(2);
        if ((head[1] & 0x80) == 0) throw new IOException("A client frame has to be masked.");
        var length = head[1] & 0x7F;
        if (length == 126)
        {
            var extended = await ExactlyAsync(2);
            length = extended[0] << 8 | extended[1];
        }
        var mask = await ExactlyAsync(4);
        var payload = await ExactlyAsync(length);
        for (var i = 0; i < length; i++) payload[i] ^= mask[i & 3];
        return ((Opcode)(head[0] & 0x0F), Encoding.UTF8.GetString(payload));
    }

    private async Task<byte[]> ExactlyAsync(int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, stop);
        return bytes;
    }
}
