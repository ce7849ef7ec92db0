using System.Diagnostics;
using Im.Actors.Conversations.Store;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Revocations;
using Im.Actors.Sessions.Tokens;
using Im.Protocol.Names;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Sessions;

[Collection(JwtNodeTests.Name)]
public sealed class RevocationSpecs(JwtNodeFixture fixture)
{
    private static readonly AppId App = new(101);

    private IRevocations Revocations => fixture.Node.Actors.Revocations;

    [Fact]
    public async Task Should_close_4003_within_a_second_and_refuse_the_token_when_a_user_is_revoked()
    {
        var (token, other) = (fixture.Token("rev-a"), await fixture.LoginAsync("rev-other"));
        var first = await fixture.LoginAsync("rev-a", token);
        var second = await fixture.LoginAsync("rev-a", token, device: "device-2");

        await Revocations.RevokeUserAsync(App, new UserId("rev-a"), fixture.Time.GetUtcNow().AddMilliseconds(1));
        var started = Stopwatch.GetTimestamp();
        (await first.ClosedAsync()).ShouldBe(4003);
        (await second.ClosedAsync()).ShouldBe(4003);
        var took = Stopwatch.GetElapsedTime(started);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await fixture.SendLoginAsync(token);

        took.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await again.NextAsync(message => message.Seq == "login")).Code.ShouldBe(1012);
        (await again.ClosedAsync()).ShouldBe(4002);
        (await other.AskAsync("p", "ping")).Code.ShouldBe(200);
        other.Cut();
        (await fixture.LoginAsync("rev-a")).Cut();
    }

    [Fact]
    public async Task Should_close_4003_those_who_live_by_it_when_one_token_is_revoked()
    {
        var lost = await fixture.LoginAsync("rev-b", fixture.Token("rev-b", more: ",\"jti\":\"lost\""), device: "device-b1");
        var kept = await fixture.LoginAsync("rev-b", fixture.Token("rev-b", more: ",\"jti\":\"kept\""), device: "device-b2");
        var elsewhere = await fixture.LoginAsync("rev-b", fixture.Token("rev-b", more: ",\"jti\":\"lost\""), app: 102, device: "device-b3");

        await Revocations.RevokeTokenAsync(App, "lost");

        (await lost.ClosedAsync()).ShouldBe(4003);
        var again = await fixture.SendLoginAsync(fixture.Token("rev-b", more: ",\"jti\":\"lost\""), device: "device-b1");
        (await again.ClosedAsync()).ShouldBe(4002);
        (await kept.AskAsync("p", "ping")).Code.ShouldBe(200);
        (await elsewhere.AskAsync("p", "ping")).Code.ShouldBe(200);
        kept.Cut();
        elsewhere.Cut();
    }

    [Fact]
    public async Task Should_refuse_newer_tokens_too_and_close_4003_when_a_user_is_blocked_until_it_is_lifted()
    {
        await Revocations.RevokeUserAsync(App, new UserId("rev-c"), DateTimeOffset.MaxValue);
        var blocked = 200;   // until the node has heard of it
        await Until.TrueAsync(async () => (blocked = await BlockedAsync("rev-c")) != 200);
        blocked.ShouldBe(4003);
        await Revocations.LiftAsync(App, new UserId("rev-c"));
        await Until.TrueAsync(async () => await BlockedAsync("rev-c") == 200);
    }

    [Fact]
    public async Task Should_go_on_by_a_newer_token_when_the_older_is_revoked()
    {
        var client = await fixture.LoginAsync("rev-d", fixture.Token("rev-d", more: ",\"jti\":\"older\""));
        await client.AskAsync("t", "token", $$"""{"serviceToken":"{{fixture.Token("rev-d", more: ",\"jti\":\"newer\"")}}"}""");

        await Revocations.RevokeTokenAsync(App, "older");
        (await (await fixture.SendLoginAsync(fixture.Token("rev-d", more: ",\"jti\":\"older\""), device: "device-2")).ClosedAsync()).ShouldBeOneOf(4002, 4003);

        (await client.AskAsync("p", "ping")).Code.ShouldBe(200);
        client.Cut();
    }

    [Fact]
    public async Task Should_let_nobody_new_in_for_five_seconds_without_an_answer_and_check_who_stayed_when_the_store_is_back()
    {
        var stays = await fixture.LoginAsync("rev-e");
        var goes = await fixture.LoginAsync("rev-f");
        fixture.Store.IsAvailable = false;
        fixture.Time.Advance(RevocationTable.Patience + TimeSpan.FromSeconds(1));
        var late = fixture.Node.Connect();
        late.Send("login", "login", $$"""{"v":2,"appId":101,"serviceToken":"{{fixture.Token("rev-g")}}","device":"device-1","platform":"web"}""");

        (await late.ClosedAsync()).ShouldBe(4104);
        (await stays.AskAsync("p", "ping")).Code.ShouldBe(200);
        await fixture.Store.RevokeAsync(App, "rev-f", null, fixture.Time.GetUtcNow().ToUnixTimeMilliseconds());
        fixture.Store.IsAvailable = true;

        (await goes.ClosedAsync()).ShouldBe(4003);
        (await fixture.LoginAsync("rev-g")).Cut();
        (await stays.AskAsync("p", "ping")).Code.ShouldBe(200);
        stays.Cut();
    }

    [Fact]
    public void Should_forget_a_revocation_when_every_token_that_it_speaks_of_has_ended()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        var table = new RevocationTable(time, TimeSpan.FromDays(30));
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < 1_000; i++) table.Apply(new Revocation(i + 1, App, null, $"token-{i}", nowMs));
        table.Apply(new Revocation(1_001, App, "blocked", null, nowMs + 86_400_000));

        time.Advance(TimeSpan.FromDays(30));
        table.Forget();
        var kept = table.Count;
        time.Advance(TimeSpan.FromSeconds(1));
        table.Forget();
        var blockedOnly = table.Count;
        table.Apply(new Revocation(1, App, null, "token-0", nowMs));
        var old = table.Count;
        time.Advance(TimeSpan.FromDays(1));
        table.Forget();

        (kept, blockedOnly, old, table.Count).ShouldBe((1_001, 1, 1, 0));
    }

    [Fact]
    public void Should_refuse_a_token_that_does_not_say_when_it_was_issued_however_long_ago_its_user_was_revoked()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        var revoked = new Revocation(1, App, "alice", null, time.GetUtcNow().ToUnixTimeMilliseconds());
        var (alice, bob) = (new UserKey(App, new UserId("alice")), new UserKey(App, new UserId("bob")));
        var table = new RevocationTable(time, TimeSpan.FromDays(30));
        table.Apply(revoked);
        time.Advance(TimeSpan.FromDays(31));
        table.Forget();
        var restarted = new RevocationTable(time, TimeSpan.FromDays(30));
        restarted.Apply(revoked);

        foreach (var known in new[] { table, restarted })
        {
            known.Count.ShouldBe(0);
            known.FormerCount.ShouldBe(1);
            known.Check(alice, Grant(null)).ShouldBe(RevocationVerdict.Revoked);
            known.Check(alice, Grant(time.GetUtcNow())).ShouldBe(RevocationVerdict.None);
            known.Check(bob, Grant(null)).ShouldBe(RevocationVerdict.None);
            known.Apply(new Revocation(2, App, "alice", null, 0));
            known.Check(alice, Grant(null)).ShouldBe(RevocationVerdict.None);
            known.FormerCount.ShouldBe(0);
        }

        TokenGrant Grant(DateTimeOffset? issued) =>
            TokenGrant.From(new TokenCheck(TokenVerdict.Valid, alice.User, time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds(), issued?.ToUnixTimeMilliseconds() ?? 0, null), time.GetUtcNow(), 0);
    }

    private async Task<int> BlockedAsync(string user)
    {
        var client = await fixture.SendLoginAsync(fixture.Token(user));
        await Until.TrueAsync(() => client.ClosedWith != 0 || client.Count(message => message.Seq == "login") > 0);   // who is blocked on the way in gets no reply
        if (client.Count(message => message.Seq == "login" && message.Code == 200) == 0) return await client.ClosedAsync();
        client.Cut();
        return 200;
    }
}
