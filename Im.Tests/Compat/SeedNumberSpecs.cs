using Im.Node.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SeedNumberSpecs
{
    [Theory]
    [InlineData(null, 0u)]
    [InlineData("", 0u)]
    [InlineData("101", 101u)]
    [InlineData("+101", 101u)]
    [InlineData("00101", 101u)]
    [InlineData(" 101", 0u)]
    [InlineData("101 ", 0u)]
    [InlineData("1e2", 0u)]
    [InlineData("1_0", 0u)]
    [InlineData("0x65", 0u)]
    [InlineData("１０１", 0u)]
    [InlineData("101.0", 0u)]
    [InlineData("-", 0u)]
    [InlineData("+", 0u)]
    [InlineData("--1", 0u)]
    [InlineData("-1", 4294967295u)]
    [InlineData("2147483647", 2147483647u)]
    [InlineData("2147483648", 2147483647u)]
    [InlineData("99999999999999999999999999", 2147483647u)]
    [InlineData("-2147483648", 2147483648u)]
    [InlineData("-99999999999999999999999999", 2147483648u)]
    public void Should_read_as_the_seed_when_given(string? text, uint app) => SeedNumber.Parse(text).ShouldBe(app);
}
