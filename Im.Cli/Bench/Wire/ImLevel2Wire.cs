using System.Globalization;
using System.Text.Unicode;

namespace Im.Cli.Bench.Wire;

/// <summary>Level 2: a login, a room, ephemeral messages. The run's name is part of users and cids, so that two runs against one node do not meet.</summary>
/// <param name="tokens">By client; null for guests.</param>
internal sealed class ImLevel2Wire(uint app, string room, string run, IReadOnlyList<string>? tokens = null) : IWire
{
    private readonly LoginText _login = new(app, run, tokens);

    public string Name => "im level 2";

    public TimeSpan KeepAliveInterval => TimeSpan.FromSeconds(25);

    public int Login(Span<byte> target, int user) => _login.Write(target, user, attempt: 1);

    public int Join(Span<byte> target, int user)
    {
        Utf8.TryWrite(target, CultureInfo.InvariantCulture, $$$"""{"seq":"q2","cmd":"join","data":{"conv":"r:{{{room}}}"}}""", out var written);
        return written;
    }

    public int Verify(Span<byte> target)
    {
        var text = """{"seq":"q3","cmd":"heartbeat","data":{}}"""u8;
        text.CopyTo(target);
        return text.Length;
    }

    public int KeepAlive(Span<byte> target)
    {
        var text = """{"seq":"h","cmd":"heartbeat","data":{}}"""u8;
        text.CopyTo(target);
        return text.Length;
    }

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes)
    {
        Utf8.TryWrite(
            target,
            CultureInfo.InvariantCulture,
            $$$"""{"seq":"s{{{number}}}","cmd":"msg","data":{"conv":"r:{{{room}}}","cid":"{{{run}}}-{{{number}}}","type":"text","ephemeral":true,"msg":" """,
            out var written);
        written--;
        Marker.Write(target[written..], number, sentAt);
        target.Slice(written + Marker.Length, sizeBytes - Marker.Length).Fill((byte)'x');
        written += sizeBytes;
        "\"}}"u8.CopyTo(target[written..]);
        return written + 3;
    }

    public int Read(ReadOnlySpan<byte> message, out WireMessage read)
    {
        read = ImEnvelope.Read(message);
        return Math.Max(message.Length, 1);
    }
}
