using System.Globalization;
using System.Text.Unicode;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Storm;

/// <summary>Level 2 clients that keep a cursor of their room, and log in with it from their second login on.</summary>
/// <param name="room">A client's room.</param>
/// <param name="have">Number of the last message that a client has, or −1.</param>
/// <param name="tokens">By client; null for guests.</param>
internal sealed class StormWire(uint app, string run, RoomLog log, Func<int, int> room, Func<int, int> have, IReadOnlyList<string>? tokens) : IWire
{
    private readonly ImLevel2Wire _level2 = new(app, "", run);
    private readonly LoginText _login = new(app, run, tokens);

    public string Name => "im level 2";

    /// <summary>Of the logins that follow. A device's later login has a higher one.</summary>
    public int Try { get; set; } = 1;

    public TimeSpan KeepAliveInterval => _level2.KeepAliveInterval;

    public int Login(Span<byte> target, int user)
    {
        var place = log.Find(room(user), have(user));
        var cursors = place is { } known
            ? string.Create(CultureInfo.InvariantCulture, $",\"cursors\":{{\"{log.NameOf(room(user))}\":[\"{known.Epoch}\",{known.Mseq}]}}")
            : "";
        return _login.Write(target, user, Try, cursors);
    }

    public int Join(Span<byte> target, int user)
    {
        Utf8.TryWrite(target, CultureInfo.InvariantCulture, $$$"""{"seq":"q2","cmd":"join","data":{"conv":"{{{log.NameOf(room(user))}}}"}}""", out var written);
        return written;
    }

    public int Verify(Span<byte> target) => _level2.Verify(target);

    public int KeepAlive(Span<byte> target) => _level2.KeepAlive(target);

    public int Broadcast(Span<byte> target, int number, long sentAt, int sizeBytes) => throw new NotSupportedException("A back end sends.");

    public int Read(ReadOnlySpan<byte> message, out WireMessage read) => _level2.Read(message, out read);
}
