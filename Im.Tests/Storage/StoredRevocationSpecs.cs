using Im.Node.Storage.Retention;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

/// <summary>A revocation is kept while it can hold against a token, and no longer: that of a user for ever, since tokens need not say how long they live.</summary>
public abstract class StoredRevocationSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    private static readonly TimeSpan TokenAge = TimeSpan.FromDays(30);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs));

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [StoreFact]
    public async Task Should_keep_a_revocation_until_the_last_token_that_it_speaks_of_has_ended()
    {
        await OpenAsync();
        var token = await RevokeAsync(null, "jti-1", NowMs);
        var user = await RevokeAsync("bob", null, NowMs - 86_400_000);
        var newest = await RevokeAsync(null, "jti-2", NowMs);
        await SweepAfterAsync(TokenAge + TimeSpan.FromHours(1));
        (await NumbersAsync()).ShouldBe([token, user, newest]);

        await SweepAfterAsync(RetentionPolicy.RevocationMargin);
        (await NumbersAsync()).ShouldBe([user, newest], "numbers go on from the newest");
    }

    [StoreFact]
    public async Task Should_keep_of_a_user_the_revocation_of_the_latest_time()
    {
        await OpenAsync();
        await RevokeAsync("bob", null, NowMs);
        var carol = await RevokeAsync("carol", null, NowMs);
        var later = await RevokeAsync("bob", null, NowMs + 2);
        var earlier = await RevokeAsync("bob", null, NowMs + 1);
        (await NumbersAsync()).ShouldBe([carol, later, earlier]);

        var latest = await RevokeAsync("bob", null, NowMs + 2);
        await SweepAfterAsync(TokenAge + RetentionPolicy.RevocationMargin + TimeSpan.FromHours(1));

        (await NumbersAsync()).ShouldBe([carol, latest]);
    }

    [StoreFact]
    public async Task Should_keep_two_of_a_user_at_most_when_each_is_for_an_earlier_time()
    {
        await OpenAsync();
        var latest = await RevokeAsync("bob", null, NowMs + 1_000);
        var newest = 0L;
        for (var earlier = 999; earlier > 900; earlier--) newest = await RevokeAsync("bob", null, NowMs + earlier);

        (await NumbersAsync()).ShouldBe([latest, newest]);
    }

    [StoreFact]
    public async Task Should_keep_the_latest_time_since_a_user_was_unblocked()
    {
        await OpenAsync();
        await RevokeAsync("bob", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var lifted = await RevokeAsync("bob", null, 0);
        var again = await RevokeAsync("bob", null, NowMs + 2);
        await RevokeAsync("bob", null, NowMs + 1);
        var newest = await RevokeAsync("bob", null, NowMs);

        (await NumbersAsync()).ShouldBe([lifted, again, newest]);
    }

    [StoreFact]
    public async Task Should_keep_two_of_a_user_at_most_who_is_blocked_and_unblocked_in_turn()
    {
        await OpenAsync();
        var (blocked, lifted) = (0L, 0L);
        for (var turn = 0; turn < 50; turn++)
        {
            lifted = await RevokeAsync("bob", null, 0);
            blocked = await RevokeAsync("bob", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        }

        (await NumbersAsync()).ShouldBe([lifted, blocked]);
    }

    [StoreFact]
    public async Task Should_keep_that_a_user_was_unblocked_when_the_user_is_revoked_later()
    {
        await OpenAsync();
        await RevokeAsync("bob", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var lifted = await RevokeAsync("bob", null, 0);
        var again = await RevokeAsync("bob", null, NowMs);

        (await NumbersAsync()).ShouldContain(lifted, "who polls by number has read that the user is blocked");
        (await NumbersAsync()).ShouldContain(again);
    }

    [StoreFact]
    public async Task Should_keep_a_user_blocked_who_is_blocked_until_later()
    {
        await OpenAsync();
        var ever = await RevokeAsync("bob", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var year = await RevokeAsync("carol", null, NowMs + (long)TimeSpan.FromDays(365).TotalMilliseconds);
        var newest = await RevokeAsync("dave", null, NowMs);

        await SweepAfterAsync(TimeSpan.FromDays(365) + TokenAge + RetentionPolicy.RevocationMargin + TimeSpan.FromHours(1));
        (await NumbersAsync()).ShouldBe([ever, year, newest]);
    }

    [StoreFact]
    public async Task Should_not_block_a_user_again_when_what_lifted_it_is_gone()
    {
        await OpenAsync();
        await RevokeAsync("bob", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var other = await RevokeAsync("carol", null, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        var lifted = await RevokeAsync("bob", null, 0);
        var again = await RevokeAsync("bob", null, NowMs + 1);

        await SweepAfterAsync(TimeSpan.FromHours(1));
        (await NumbersAsync()).ShouldBe([other, lifted, again]);

        var newest = await RevokeAsync("dave", null, NowMs);
        await SweepAfterAsync(TokenAge + RetentionPolicy.RevocationMargin);
        (await NumbersAsync()).ShouldBe([other, again, newest]);
    }

    [StoreFact]
    public async Task Should_number_on_when_all_others_are_gone()
    {
        await OpenAsync();
        var number = 0L;
        for (var n = 0; n < 3; n++) number = await RevokeAsync(null, $"jti-{n}", NowMs);
        await SweepAfterAsync(TimeSpan.FromDays(365));

        (await RevokeAsync("bob", null, NowMs)).ShouldBe(number + 1);
        await OpenAsync();
        await SweepAfterAsync(TimeSpan.FromDays(365));
        (await NumbersAsync()).ShouldBe([number + 1]);
        (await RevokeAsync("bob", null, NowMs)).ShouldBe(number + 2);
    }

    private Task OpenAsync() => ReopenAsync(Fixture.Settings with { Retention = new RetentionPolicy { TokenAge = TokenAge } }, _time);

    private async Task<long> RevokeAsync(string? user, string? tokenId, long beforeMs) => (await Store.RevokeAsync(App, user, tokenId, beforeMs)).Number;

    private Task SweepAfterAsync(TimeSpan time)
    {
        _time.AdjustTime(_time.GetUtcNow() + time);
        return Store.SweepAsync(CancellationToken.None);
    }

    private async Task<long[]> NumbersAsync() => [.. (await Store.ReadRevocationsAsync(0)).ShouldNotBeNull().Select(revocation => revocation.Number)];
}
