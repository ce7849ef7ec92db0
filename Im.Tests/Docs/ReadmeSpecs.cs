using System.Text.RegularExpressions;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Docs;

/// <summary>What the pages point at is there.</summary>
public sealed partial class ReadmeSpecs
{
    public static TheoryData<string> Pages => new(MarkdownFiles());

    [Theory]
    [InlineData("README.md", "## Follow a message")]
    [InlineData("README.zh-CN.md", "## 跟着一条消息走")]
    public void Should_list_files_that_exist_when_a_message_is_followed(string page, string heading)
    {
        var files = FollowedFiles(page, heading);

        files.Count.ShouldBeGreaterThanOrEqualTo(10);
        files.Where(file => !File.Exists(Repository.PathOf(file))).ShouldBeEmpty();
    }

    [Fact]
    public void Should_list_the_same_files_in_both_languages()
    {
        FollowedFiles("README.zh-CN.md", "## 跟着一条消息走").ShouldBe(FollowedFiles("README.md", "## Follow a message"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Should_resolve_every_relative_link(string page)
    {
        var directory = Path.GetDirectoryName(Repository.PathOf(page))!;
        var targets = Link().Matches(Repository.Read(page)).Select(match => match.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

        targets.Where(target => !Path.Exists(Path.Combine(directory, target))).ShouldBeEmpty();
    }

    /// <summary>The list below the heading: <c>1. [`path`](path) — what happens</c>.</summary>
    private static List<string> FollowedFiles(string page, string heading) =>
        [.. Repository.Read(page).Split(heading)[1].Split("\n## ")[0].Split('\n')
            .Where(line => line.Length > 0 && char.IsAsciiDigit(line[0]))
            .Select(line => Link().Match(line).Groups["target"].Value)];

    private static IEnumerable<string> MarkdownFiles() => Repository.Files("*.md").Where(path => !path.Split('/').Contains("data"));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
