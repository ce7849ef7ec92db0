using System.Text.RegularExpressions;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>What can be seen in the page's files without a browser.</summary>
public sealed partial class PageSourceSpecs
{
    private static readonly string Root = Repository.PathOf("Im.Node/wwwroot");

    private static readonly IReadOnlyDictionary<string, string> Sources = Directory
        .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Where(path => Path.GetExtension(path) is ".html" or ".js" or ".css" or ".svg")
        .ToDictionary(path => "/" + Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText);

    [Fact]
    public void Should_never_make_markup_from_text_when_scripts_are_searched() =>
        Sources.Where(source => MarkupFromText().IsMatch(source.Value)).Select(source => source.Key).ShouldBeEmpty();

    [Fact]
    public void Should_hold_no_inline_script_style_or_handler_when_the_page_is_searched() =>
        Inline().Matches(Sources["/index.html"]).Select(match => match.Value).ShouldBeEmpty();

    [Fact]
    public void Should_load_nothing_from_elsewhere_when_all_files_are_searched() =>
        Sources.SelectMany(source => Elsewhere().Matches(source.Value).Select(match => $"{source.Key}: {match.Value}")).ShouldBeEmpty();

    [Fact]
    public void Should_name_every_module_for_preloading_when_the_page_is_compared_with_the_directory() =>
        Preload().Matches(Sources["/index.html"]).Select(match => match.Groups[1].Value)
            .Concat(["/js/boot.js", "/js/main.js"])
            .ShouldBe(Sources.Keys.Where(path => path.EndsWith(".js", StringComparison.Ordinal)), ignoreOrder: true);

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\(|new Function|srcdoc")]
    private static partial Regex MarkupFromText();

    [GeneratedRegex(@"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)")]
    private static partial Regex Inline();

    [GeneratedRegex(@"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9-]+\.[a-z]{2,}[^\s""']*")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"<link rel=""modulepreload"" href=""([^""]+)"">")]
    private static partial Regex Preload();
}
