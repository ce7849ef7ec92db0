using System.Globalization;
using System.Text.Unicode;

namespace Im.Cli.Bench.Wire;

/// <summary>The old clients' level: one login, and the user is in the app's lobby. There is nothing to join and nobody sends over the socket.</summary>
internal sealed class ImLevel0Wire(uint app) : IWire
{
    public string Name => "im level 0";

    public TimeSpan KeepAliveInterval => TimeSpan.FromSeconds(60);

    public static string UserName(int user) => string.Create(CultureInfo.InvariantCulture, $"#{user:D8}");

    public int Login(Span<byte> target, int user)
    {
        Utf8.TryWrite(target, CultureInfo.InvariantCulture, $$$"""{"seq":"q1","cmd":"login","data":{"userId":"#{{{user:D8}}}","appId":{{{app}}}}}""", out var written);
        return written;
    }

    public int Join(Span<byte> target, int user) => throw new NotSupportedException("Level 0 has no join.");

    public int Verify(Span<byte> target) => Copy("""{"seq":"q3","cmd":"heartbeat","data":{}}"""u8, target);

    public int KeepAlive(Span<byte> target) => Copy("""{"seq":"h","cmd":"heartbeat","data":{}}"""u8, target);

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes) => throw new NotSupportedException("Level 0 sends over HTTP.");

    public int Read(ReadOnlySpan<byte> message, out WireMessage read)
    {
        read = ImEnvelope.Read(message);
        return Math.Max(message.Length, 1);
    }

    private static int Copy(ReadOnlySpan<byte> text, Span<byte> target)
    {
        text.CopyTo(target);
        return text.Length;
    }
}
