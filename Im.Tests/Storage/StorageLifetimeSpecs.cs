using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

public sealed class StorageLifetimeSpecs
{
    [Fact]
    public async Task Should_say_in_readiness_when_the_store_is_away_and_back()
    {
        await using var fixture = new SqliteFixture();
        var readiness = new NodeReadiness();
        var store = fixture.New();
        var lifetime = new StorageLifetime(store, readiness, NullLogger<StorageLifetime>.Instance);
        readiness.Reason.ShouldContain("storage: starting");
        await lifetime.StartAsync(CancellationToken.None);
        readiness.Reason.ShouldNotContain("storage");

        store.AvailabilityChanged.ShouldNotBeNull()(false);
        readiness.Reason.ShouldContain("storage: not available");

        store.AvailabilityChanged(true);
        readiness.Reason.ShouldNotContain("storage");
        await lifetime.StopAsync(CancellationToken.None);
        store.IsAvailable.ShouldBeFalse();
    }

    [Fact]
    public async Task Should_keep_revocations_as_long_as_the_options_let_a_token_live()
    {
        var options = new ImOptions { Auth = new AuthOptions { Jwt = new JwtOptions { MaxLifetime = TimeSpan.FromDays(2), Leeway = TimeSpan.FromSeconds(10) } } };
        await using var services = new ServiceCollection().AddImStorage(options, "/data").BuildServiceProvider();

        services.GetRequiredService<StoreSettings>().Retention.TokenAge.ShouldBe(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(20), "the issuer's clock may be off at either end");
    }
}
