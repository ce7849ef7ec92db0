using Im.Node.Configuration;
using Im.Node.Ingress;
using Im.Node.Ingress.ApiKeys;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

public sealed class ApiKeyRingSpecs
{
    /// <summary><c>printf %s billing-key | sha256sum</c>.</summary>
    private static readonly string BillingHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("billing-key"u8));

    private static IngressSettings Settings(params ApiKeyOptions[] keys) =>
        IngressSettings.From(new ImOptions { Ingress = new IngressOptions { ApiKeys = keys } }, new NodeSecrets("first-key", "", "/nowhere"));

    [Fact]
    public void Should_give_every_scope_to_the_key_of_the_secrets_file()
    {
        var found = new ApiKeyRing(Settings().ApiKeys).Find("first-key")!;

        found.Id.ShouldBe("default");
        found.Scopes.ShouldBe(ApiKeyScopes.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_find_a_configured_key_by_its_hash(bool upperCase)
    {
        var hash = upperCase ? BillingHash.ToUpperInvariant() : BillingHash;

        var found = new ApiKeyRing(Settings(new ApiKeyOptions { Id = "billing", Hash = hash, Scopes = ["push"] }).ApiKeys).Find("billing-key")!;

        found.Id.ShouldBe("billing");
        found.Scopes.ShouldBe(["push"]);
    }

    [Fact]
    public void Should_give_every_scope_when_none_is_configured()
    {
        new ApiKeyRing(Settings(new ApiKeyOptions { Id = "billing", Hash = BillingHash }).ApiKeys).Find("billing-key")!.Scopes.ShouldBe(ApiKeyScopes.All);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("first-ke")]
    [InlineData("first-key ")]
    [InlineData("FIRST-KEY")]
    public void Should_find_nothing_when_the_key_is_not_exact(string? presented)
    {
        new ApiKeyRing(Settings().ApiKeys).Find(presented).ShouldBeNull();
    }

    [Fact]
    public void Should_not_take_a_hash_for_the_key()
    {
        new ApiKeyRing(Settings(new ApiKeyOptions { Id = "billing", Hash = BillingHash }).ApiKeys).Find(BillingHash).ShouldBeNull();
    }

    [Fact]
    public void Should_refuse_a_key_that_is_longer_than_the_bound()
    {
        var key = new string('k', ApiKeyRing.MaxKeyLength + 1);

        new ApiKeyRing([ApiKeyEntry.OfKey("long", key, ApiKeyScopes.All)]).Find(key).ShouldBeNull();
    }

    [Fact]
    public void Should_refuse_a_scope_that_does_not_exist()
    {
        Should.Throw<FormatException>(() => Settings(new ApiKeyOptions { Id = "billing", Hash = BillingHash, Scopes = ["pusch"] })).Message.ShouldContain("pusch");
    }
}
