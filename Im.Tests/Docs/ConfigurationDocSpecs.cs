using Im.Node.Configuration;
using Shouldly;
using Xunit;

namespace Im.Tests.Docs;

/// <summary>docs/configuration.md lists exactly the settings that exist, with their defaults, in both languages.</summary>
public sealed class ConfigurationDocSpecs
{
    public static TheoryData<string> Settings => new(OptionCatalog.All.Select(entry => entry.Key));

    [Theory]
    [MemberData(nameof(Settings))]
    public void Should_document_the_setting_with_its_default_when_it_exists(string key)
    {
        var entry = OptionCatalog.All.Single(candidate => candidate.Key == key);

        var row = Rows().Where(candidate => candidate.Name == entry.EnvironmentName).ShouldHaveSingleItem();

        row.Default.ShouldBe(OptionValue.Show(entry.Default));
        row.English.ShouldNotBeEmpty();
        row.Chinese.ShouldContain(character => character >= 0x4E00);
    }

    [Fact]
    public void Should_list_no_other_setting()
    {
        Rows().Select(row => row.Name).Except(OptionCatalog.All.Select(entry => entry.EnvironmentName)).ShouldBeEmpty();
    }

    private static IEnumerable<(string Name, string Default, string English, string Chinese)> Rows() =>
        MarkdownTable.Rows("docs/configuration.md").Where(cells => cells.Length == 4 && cells[0].StartsWith("Im__", StringComparison.Ordinal))
            .Select(cells => (cells[0], cells[1], cells[2], cells[3]));
}
