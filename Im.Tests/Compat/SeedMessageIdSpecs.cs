using Im.Node.Compat;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SeedMessageIdSpecs
{
    [Theory]
    [InlineData("1565336219141-266129")]
    [InlineData("a.B:c_d-9")]
    public void Should_be_the_key_itself_when_it_is_a_token(string id) => SeedMessageId.ToKey(id).ShouldBe(id);

    [Theory]
    [InlineData("消息")]
    [InlineData("a b")]
    [InlineData("a\u0001")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void Should_become_a_token_of_its_own_when_it_is_none(string id)
    {
        var key = SeedMessageId.ToKey(id);

        NameRules.IsToken(key, 1, 64).ShouldBeTrue();
        key.ShouldBe(SeedMessageId.ToKey(id));
        key.ShouldNotBe(SeedMessageId.ToKey(id + "x"));
    }

    [Fact]
    public void Should_be_no_key_when_empty() => SeedMessageId.ToKey("").ShouldBeNull();
}
