using Im.Actors.Serialization;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Serialization;

/// <summary>What an earlier version wrote is still read as the same message. How fixtures come to be: fixtures/README.md.</summary>
public sealed class FixtureSpecs(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    private const string ListFile = "manifests.txt";

    private static readonly bool Writes = Environment.GetEnvironmentVariable("IM_WRITE_FIXTURES") == "1";

    private static readonly string Directory = Repository.PathOf("Im.Tests/Serialization/fixtures");

    public static TheoryData<string> Manifests => [.. ClusterManifests.All.Select(entry => entry.Manifest)];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_read_what_an_earlier_version_wrote(string manifest)
    {
        var cases = fixture.Cases[ClusterManifests.ByManifest[manifest].Type];
        var lines = Fixture(manifest, cases);

        lines.Length.ShouldBe(cases.Length, $"fixtures/{manifest}.hex has not as many lines as there are cases; see fixtures/README.md");
        for (var i = 0; i < cases.Length; i++)
            Same.Difference(fixture.Serializer.FromBinary(Convert.FromHexString(lines[i]), manifest), cases[i], $"line {i + 1}").ShouldBeNull();
    }

    [Fact]
    public void Should_have_a_fixture_for_every_manifest_and_none_besides()
    {
        var files = System.IO.Directory.GetFiles(Directory, "*.hex").Select(Path.GetFileNameWithoutExtension);

        files.Except(ClusterManifests.ByManifest.Keys).ShouldBeEmpty("a manifest was taken out that older nodes still send");
    }

    [Fact]
    public void Should_stand_for_the_same_message_for_ever()
    {
        var path = Path.Combine(Directory, ListFile);
        var now = ClusterManifests.All.Select(entry => $"{entry.Manifest} {entry.Type.FullName}").ToArray();
        if (Writes) File.AppendAllLines(path, now.Except(File.Exists(path) ? File.ReadAllLines(path) : []));

        now.Order(StringComparer.Ordinal).ShouldBe(File.ReadAllLines(path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_be_short_and_unique()
    {
        ClusterManifests.All.Select(entry => entry.Manifest).ShouldBeUnique();
        ClusterManifests.All.ShouldAllBe(entry => entry.Manifest.Length <= 4 && char.IsAsciiDigit(entry.Manifest.Last()));
    }

    private string[] Fixture(string manifest, object[] cases)
    {
        var path = Path.Combine(Directory, manifest + ".hex");
        var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        if (!Writes || lines.Length >= cases.Length) return lines;
        File.AppendAllLines(path, cases.Skip(lines.Length).Select(message => Convert.ToHexStringLower(fixture.Serializer.ToBinary(message))));
        return File.ReadAllLines(path);
    }
}
