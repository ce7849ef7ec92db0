using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Im.Tests.Docs;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

/// <summary>What the product is built from: pinned once, locked, and nothing that came in by another way.</summary>
public sealed class SupplyChainSpecs
{
    private static readonly string[] Projects = ["Im.Protocol", "Im.Actors", "Im.Node", "Im.Client", "Im.Cli", "Im.Tests"];

    private static readonly Dictionary<string, string> Pinned = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

    public static TheoryData<string> ProjectNames => new(Projects);

    [Fact]
    public void Should_pin_every_version_exactly()
    {
        Pinned.ShouldNotBeEmpty();
        Pinned.Where(package => !Version.TryParse(package.Value.Split('-')[0], out _)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Akka.Hosting", "1.5.56")]
    [InlineData("Akka.Cluster.Hosting", "1.5.56")]
    [InlineData("Akka.Remote.Hosting", "1.5.56")]
    public void Should_stay_above_the_versions_with_known_holes(string package, string floor) =>
        Version.Parse(Pinned[package]).ShouldBeGreaterThanOrEqualTo(Version.Parse(floor));

    [Theory]
    [MemberData(nameof(ProjectNames))]
    public void Should_lock_what_each_project_uses_at_the_pinned_version(string project)
    {
        var used = XDocument.Parse(Repository.Read($"{project}/{project}.csproj")).Descendants("PackageReference").ToArray();
        var locked = JsonElement.Parse(Repository.Read($"{project}/packages.lock.json")).GetProperty("dependencies").GetProperty("net10.0");

        used.Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null).ShouldBeEmpty();
        foreach (var name in used.Select(package => package.Attribute("Include")!.Value))
        {
            var entry = locked.GetProperty(name);
            (entry.GetProperty("type").GetString(), entry.GetProperty("resolved").GetString()).ShouldBe(("Direct", Pinned[name]), name);
            entry.GetProperty("contentHash").GetString()!.Length.ShouldBe(88, name);
        }
    }

    [Fact]
    public void Should_vendor_nothing_but_the_listed_files_with_their_hashes()
    {
        const string Folder = "Im.Tests/Browser/lib";
        var listed = MarkdownTable.Rows($"{Folder}/README.md").Where(cells => cells[0].EndsWith(".js", StringComparison.Ordinal)).ToDictionary(cells => cells[0], cells => cells[4]);

        listed.ShouldNotBeEmpty();
        foreach (var (file, hash) in listed) Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Repository.PathOf($"{Folder}/{file}")))).ShouldBe(hash, file);
        Files("*.min.js").Concat(Files("*.min.css")).ShouldBe(listed.Keys.Select(file => $"{Folder}/{file}"));
    }

    [Fact]
    public void Should_take_nothing_from_npm()
    {
        foreach (var file in Files("package.json"))
        {
            var members = JsonElement.Parse(Repository.Read(file)).EnumerateObject().Select(member => member.Name);
            members.Where(member => member.Contains("ependencies", StringComparison.Ordinal) || member == "scripts").ShouldBeEmpty(file);
        }

        Files("package-lock.json").ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Files(string pattern) => Repository.Files(pattern);
}
