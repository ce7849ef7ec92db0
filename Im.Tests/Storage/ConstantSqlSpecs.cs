using System.Text.RegularExpressions;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

/// <summary>SQL is never put together from values: a text with a hole in it is a constant, whose holes hold constants.</summary>
public sealed partial class ConstantSqlSpecs
{
    public static TheoryData<string> Files => new(Directory.EnumerateFiles(Repository.PathOf("Im.Node/Storage"), "*.cs", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Repository.PathOf("Im.Cli/Storage"), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Should_interpolate_sql_only_in_constants(string file)
    {
        Wrong(Repository.Read(file)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("private const string A = $\"SELECT {B}\";", true)]
    [InlineData("var a = $\"SELECT * FROM t WHERE x = '{b}'\";", false)]
    [InlineData("command.CommandText = $\"\"\"\n  DELETE FROM t WHERE x = {b}\n\"\"\";", false)]
    [InlineData("log($\"selected {b}\");", true)]
    public void Should_tell_a_constant_from_a_value(string source, bool isAllowed) => Wrong(source).Length.ShouldBe(isAllowed ? 0 : 1);

    private static string[] Wrong(string source) =>
        [.. Interpolated().Matches(source).Where(match => Statement().IsMatch(match.Groups["text"].Value) && !Declaration().IsMatch(source[..match.Index])).Select(match => match.Value)];

    [GeneratedRegex("\\$+(?<quotes>\"\"\"|\")(?<text>.*?)\\k<quotes>", RegexOptions.Singleline)]
    private static partial Regex Interpolated();

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER)\b")]
    private static partial Regex Statement();

    [GeneratedRegex(@"const string \w+\s*=\s*$")]
    private static partial Regex Declaration();
}
