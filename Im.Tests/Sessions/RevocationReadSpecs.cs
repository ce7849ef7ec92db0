using Im.Actors.Conversations.Store;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Actors.Sessions.Tokens;
using Im.Protocol.Names;
using Im.Tests.Auth;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

/// <summary>What a node asks of the store to know the revocations.</summary>
public sealed class RevocationReadSpecs
{
    private const int StoredCount = 25_000;

    private static readonly AppId App = new(101);

    private readonly FakeTimeProvider _time = new(Jwt.Now);
    private readonly MemoryStore _store = new() { RevocationsPageCount = 10_000 };
    private readonly RevocationTable _table;

    public RevocationReadSpecs() => _table = new RevocationTable(_time, Jwt.MaxLifetime);

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Should_read_what_is_new_and_the_overlap_only_when_all_has_been_read_once()
    {
        for (var number = 1; number <= StoredCount; number++) _store.Revoke(new Revocation(number, App, $"user-{number}", null, NowMs));
        await using var node = await StartAsync();
        await Until.TrueAsync(() => _table.IsCurrent);
        _table.Count.ShouldBe(StoredCount);
        var first = _store.RevocationReads.TakeWhile(read => read.Count > 0).ToArray();

        for (var i = 1; i <= 3; i++)
        {
            var count = StoredCount + i;
            await node.Actors.Revocations.RevokeUserAsync(App, new UserId($"later-{i}"), _time.GetUtcNow());
            await Until.TrueAsync(() => _table.Count == count);
        }

        first.Select(read => read.After).ShouldBe([0, 10_000, 20_000]);
        _store.RevocationReads.Skip(first.Length + 1).ShouldAllBe(read => read.Count <= 1_003);
    }

    [Fact]
    public async Task Should_take_one_with_a_smaller_number_that_becomes_visible_after_the_first_answer()
    {
        for (var number = 1; number <= StoredCount; number++)
        {
            if (number != StoredCount - 500) _store.Revoke(new Revocation(number, App, $"user-{number}", null, NowMs));
        }

        await using var node = await StartAsync();
        await Until.TrueAsync(() => _table.IsCurrent);
        _table.Count.ShouldBe(StoredCount - 1);

        _store.Revoke(new Revocation(StoredCount - 500, App, "late", null, NowMs));

        await Until.TrueAsync(() => _table.Count == StoredCount);
    }

    [Fact]
    public async Task Should_refuse_a_token_revoked_by_its_id_until_it_ends_however_long_it_lives()
    {
        await using var node = await StartAsync();
        var ends = _time.GetUtcNow() + 3 * Jwt.MaxLifetime;
        await node.Actors.Revocations.RevokeTokenAsync(App, "long", ends);
        await node.Actors.Revocations.RevokeTokenAsync(App, "unknown");
        await node.Actors.Revocations.RevokeTokenAsync(App, "ended", _time.GetUtcNow() - TimeSpan.FromDays(1));
        await Until.TrueAsync(() => _table.Count == 3);

        _time.AdjustTime(_time.GetUtcNow() + 2 * Jwt.MaxLifetime);
        _table.Forget();
        (Check("long"), Check("unknown"), Check("ended")).ShouldBe((RevocationVerdict.Revoked, RevocationVerdict.Revoked, RevocationVerdict.None));

        _time.AdjustTime(_time.GetUtcNow() + 3 * Jwt.MaxLifetime);
        _table.Forget();
        (Check("long"), Check("unknown")).ShouldBe((RevocationVerdict.None, RevocationVerdict.Revoked));
    }

    private RevocationVerdict Check(string tokenId) => _table.Check(
        new UserKey(App, new UserId("alice")),
        TokenGrant.From(new TokenCheck(TokenVerdict.Valid, new UserId("alice"), _time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(), 0, tokenId), _time.GetUtcNow(), 0));

    private Task<ActorNode> StartAsync() => ActorNode.StartAsync(
        store: _store, identity: new IdentityServices { Tokens = new NoTokens(), Revocations = _table, Gate = new LoginGate(new LoginGateSettings(), _time) }, time: _time);

    private sealed class NoTokens : ITokenValidator
    {
        public ValueTask<TokenCheck> CheckAsync(string token, AppId app) => ValueTask.FromResult(new TokenCheck(TokenVerdict.Invalid));
    }
}
