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
/// has ended by itself; that of a token whose end nobody told, never. Of a user whose last one is forgotten an entry stays, some 60 bytes with its place in the table, for
/// tokens that do not say when they were issued: how long such a one has been about nobody knows. Written by the RevocationActor, read by logins on any thread.
/// </summary>
/// <param name="lifetime">Of the longest token that is accepted.</param>
internal sealed class RevocationTable(TimeProvider time, TimeSpan lifetime)
{
    /// <summary>Without an answer from the store for so long nobody new is let in.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<UserKey, long> _users = new();
    private readonly ConcurrentDictionary<(AppId App, ulong TokenId), long> _tokens = new();
    private readonly ConcurrentDictionary<(AppId App, ulong User), bool> _former = new();
    private long _answeredAt;

    /// <summary>The store answered lately: what the table says holds for new logins.</summary>
    public bool IsCurrent => Interlocked.Read(ref _answeredAt) is not 0 and var at && time.GetElapsedTime(at) <= Patience;

    public int Count => _users.Count + _tokens.Count;

    /// <summary>Users whose last revocation holds against tokens without <c>iat</c> only.</summary>
    public int FormerCount => _former.Count;

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The store has answered a question asked at this timestamp, and the answer has been applied.</summary>
    /// <param name="timestamp">Of <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Answered(long timestamp) => Interlocked.Exchange(ref _answeredAt, timestamp == 0 ? 1 : timestamp);

    /// <summary>Takes a revocation over; the same one again changes nothing. Of a user the latest time counts, and 0 lifts what was before.</summary>
    public void Apply(Revocation revocation)
    {
        if (revocation is { User: { } lifted, BeforeMs: <= 0 })
        {
            var known = new UserKey(revocation.App, new UserId(lifted));
            _users.TryRemove(known, out _);
            _former.TryRemove(FormerOf(known), out _);
            return;
        }

        if (IsOver(revocation.BeforeMs))
        {
            if (revocation.User is { } former) _former[FormerOf(new UserKey(revocation.App, new UserId(former)))] = true;
            return;
        }

        if (revocation.TokenId is { } token) _tokens.AddOrUpdate((revocation.App, TokenGrant.HashOf(token)), revocation.BeforeMs, (_, known) => Math.Max(known, revocation.BeforeMs));
        if (revocation.User is { } user) _users.AddOrUpdate(new UserKey(revocation.App, new UserId(user)), revocation.BeforeMs, (_, known) => Math.Max(known, revocation.BeforeMs));
    }

    /// <summary>Lets go of what no token can break any more.</summary>
    public void Forget()
    {
        foreach (var (user, beforeMs) in _users)
        {
            if (!IsOver(beforeMs)) continue;
            // First, so that it holds at any time; and only if it is still this one: the user may have been revoked anew meanwhile.
            _former[FormerOf(user)] = true;
            _users.TryRemove(KeyValuePair.Create(user, beforeMs));
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
        if (grant.IssuedAtMs == 0 && _former.ContainsKey(FormerOf(user))) return RevocationVerdict.Revoked;
        return grant.TokenIdHash != 0 && _tokens.ContainsKey((user.App, grant.TokenIdHash)) ? RevocationVerdict.Revoked : RevocationVerdict.None;
    }

    private static (AppId App, ulong User) FormerOf(UserKey user) => (user.App, TokenGrant.HashOf(user.User.Value));

    /// <summary>Every token has ended that says that it was issued before.</summary>
    private bool IsOver(long beforeMs) => beforeMs < NowMs - (long)lifetime.TotalMilliseconds;
}
