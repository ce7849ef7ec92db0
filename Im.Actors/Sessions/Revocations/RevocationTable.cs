using System.Collections.Concurrent;
using Im.Actors.Conversations.Store;
using Im.Actors.Sessions.Tokens;
using Im.Protocol.Names;

namespace Im.Actors.Sessions.Revocations;

internal enum RevocationVerdict
{
    None,

    /// <summary>This token holds no more; a newer one may.</summary>
    Revoked,

    /// <summary>No token of this user holds now, not even one made this moment.</summary>
    Blocked,
}

/// <summary>
/// The revocations that this node knows: one entry for each revoked user and each revoked token. One is forgotten when the last token that it speaks of
/// has ended by itself. Written by the RevocationActor, read by logins on any thread.
/// </summary>
/// <param name="lifetime">Of the longest token that is accepted.</param>
internal sealed class RevocationTable(TimeProvider time, TimeSpan lifetime)
{
    /// <summary>Without an answer from the store for so long nobody new is let in.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<UserKey, long> _users = new();
    private readonly ConcurrentDictionary<(AppId App, ulong TokenId), long> _tokens = new();
    private long _answeredAt;

    /// <summary>The store answered lately: what the table says holds for new logins.</summary>
    public bool IsCurrent => Interlocked.Read(ref _answeredAt) is not 0 and var at && time.GetElapsedTime(at) <= Patience;

    public int Count => _users.Count + _tokens.Count;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The store has answered a question asked at this timestamp, and the answer has been applied.</summary>
    /// <param name="timestamp">Of <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Answered(long timestamp) => Interlocked.Exchange(ref _answeredAt, timestamp == 0 ? 1 : timestamp);

    /// <summary>Takes a revocation over; the same one again changes nothing. Of a user the latest time counts, and 0 lifts what was before.</summary>
    public void Apply(Revocation revocation)
    {
        if (revocation is { User: { } lifted, BeforeMs: <= 0 }) _users.TryRemove(new UserKey(revocation.App, new UserId(lifted)), out _);
        if (IsOver(revocation.BeforeMs)) return;
        if (revocation.TokenId is { } token) _tokens[(revocation.App, TokenGrant.HashOf(token))] = revocation.BeforeMs;
        if (revocation.User is { } user) _users.AddOrUpdate(new UserKey(revocation.App, new UserId(user)), revocation.BeforeMs, (_, known) => Math.Max(known, revocation.BeforeMs));
    }

    /// <summary>Lets go of what no token can break any more.</summary>
    public void Forget()
    {
        foreach (var (user, beforeMs) in _users)
        {
            // Only if it is still this one: the user may have been revoked anew meanwhile.
            if (IsOver(beforeMs)) _users.TryRemove(KeyValuePair.Create(user, beforeMs));
        }

        foreach (var (token, beforeMs) in _tokens)
        {
            if (IsOver(beforeMs)) _tokens.TryRemove(KeyValuePair.Create(token, beforeMs));
        }
    }

    public RevocationVerdict Check(UserKey user, TokenGrant grant)
    {
        if (_users.TryGetValue(user, out var beforeMs) && grant.IssuedAtMs < beforeMs)
            return beforeMs > NowMs ? RevocationVerdict.Blocked : RevocationVerdict.Revoked;
        return grant.TokenIdHash != 0 && _tokens.ContainsKey((user.App, grant.TokenIdHash)) ? RevocationVerdict.Revoked : RevocationVerdict.None;
    }

    /// <summary>Every token issued before has ended.</summary>
    private bool IsOver(long beforeMs) => beforeMs < NowMs - (long)lifetime.TotalMilliseconds;
}
