using System.Globalization;
using System.Text.Unicode;

namespace Im.Cli.Bench.Wire;

/// <summary>
/// Level 2 with durable messages. Sender <c>n mod senders</c> sends number n: some to the one-to-one conversation with its neighbour, the others to a
/// room that it shares with a few.
/// </summary>
/// <param name="pairPercent">Of the messages, 0–100, that go one to one.</param>
internal sealed class DurableWire(uint app, string run, int senders, int roomSize, int pairPercent) : IWire
{
    private readonly ImLevel2Wire _level2 = new(app, "", run);

    public string Name => "im durable";

    public TimeSpan KeepAliveInterval => _level2.KeepAliveInterval;

    public int Login(Span<byte> target, int user) => _level2.Login(target, user);

    public int Join(Span<byte> target, int user)
    {
        Utf8.TryWrite(target, CultureInfo.InvariantCulture, $$$"""{"seq":"q2","cmd":"join","data":{"conv":"r:{{{run}}}-{{{user / roomSize}}}"}}""", out var written);
        return written;
    }

    public int Verify(Span<byte> target) => _level2.Verify(target);

    public int KeepAlive(Span<byte> target) => _level2.KeepAlive(target);

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes)
    {
        Utf8.TryWrite(
            target,
            CultureInfo.InvariantCulture,
            $$$"""{"seq":"s{{{number}}}","cmd":"msg","data":{"conv":"{{{ConversationOf(number)}}}","cid":"{{{run}}}-{{{number}}}","type":"text","msg":" """,
            out var written);
        written--;
        Marker.Write(target[written..], number, sentAt);
        target.Slice(written + Marker.Length, sizeBytes - Marker.Length).Fill((byte)'x');
        written += sizeBytes;
        "\"}}"u8.CopyTo(target[written..]);
        return written + 3;
    }

    public int Read(ReadOnlySpan<byte> message, out WireMessage read) => _level2.Read(message, out read);

    /// <summary>Where a number goes.</summary>
    internal string ConversationOf(int number)
    {
        var sender = number % senders;
        // A multiplier that shares no factor with 100 spreads the pairs among the numbers.
        if ((long)(number / senders) * 37 % 100 >= pairPercent) return string.Create(CultureInfo.InvariantCulture, $"r:{run}-{sender / roomSize}");
        var (one, other) = (string.Create(CultureInfo.InvariantCulture, $"u{run}-{sender}"), string.Create(CultureInfo.InvariantCulture, $"u{run}-{sender ^ 1}"));
        return string.CompareOrdinal(one, other) < 0 ? $"p:{one}|{other}" : $"p:{other}|{one}";
    }
}
