using System.Security.Cryptography;
using System.Text;

namespace Im.Actors.Sessions.Tokens;

/// <summary>
/// What a connection keeps of its token: no text of it, 48 bytes. <paramref name="dueMs"/> counts on the wheel's clock, so that
/// a clock that is set does not end sessions.
/// </summary>
/// <param name="dueMs">The end on the wheel's clock.</param>
internal sealed class TokenGrant(TokenCheck check, long dueMs)
{
    /// <summary>A client is told so long before the end.</summary>
    public const int NoticeMs = 60_000;

    private bool _announced;

    public long EndsAtMs { get; } = check.EndsAtMs;

    public long IssuedAtMs { get; } = check.IssuedAtMs;

    /// <summary>Of the <c>jti</c>; 0 without one.</summary>
    public ulong TokenIdHash { get; } = HashOf(check.TokenId);

    /// <summary>The next thing to do for this token: the notice first, then the end.</summary>
    public long DeadlineMs => Volatile.Read(ref _announced) ? dueMs : dueMs - NoticeMs;

    public static TokenGrant From(TokenCheck check, DateTimeOffset now, long wheelMs) =>
        new(check, wheelMs + Math.Max(0, check.EndsAtMs - now.ToUnixTimeMilliseconds()));

    /// <summary>First eight bytes of its SHA-256: all that a node keeps of a token's id. 0 for none.</summary>
    public static ulong HashOf(string? tokenId) =>
        string.IsNullOrEmpty(tokenId) ? 0 : BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(tokenId)));

    public bool HasEnded(long wheelMs) => wheelMs >= dueMs;

    public void Announced() => Volatile.Write(ref _announced, true);
}
