using Shouldly;
using Xunit;

namespace Im.Tests.Docs;

/// <summary>docs/security.md: every control has its tests, and they are there.</summary>
public sealed class SecurityDocSpecs
{
    private static readonly string[] Expected =
        [.. Enumerable.Range(1, 12).Concat(Enumerable.Range(15, 12)).Select(number => $"S{number}")];

    [Fact]
    public void Should_list_every_control_once() => Rows().Select(cells => cells[0]).ShouldBe(Expected);

    [Fact]
    public void Should_name_test_classes_that_exist_and_have_tests()
    {
        var tested = typeof(SecurityDocSpecs).Assembly.GetTypes()
            .Where(type => type.GetMethods().Any(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0))
            .Select(type => type.Name)
            .ToHashSet();

        foreach (var cells in Rows())
        {
            var named = cells[4].Split(',').Select(name => name.Trim().Trim('`')).ToArray();
            named.ShouldNotBeEmpty(cells[0]);
            named.Where(name => !tested.Contains(name)).ShouldBeEmpty(cells[0]);
        }
    }

    [Fact]
    public void Should_say_each_control_in_both_languages()
    {
        foreach (var cells in Rows())
        {
            cells[2].ShouldNotBeEmpty(cells[0]);
            cells[3].ShouldContain(character => character >= 0x4E00, customMessage: cells[0]);
        }
    }

    private static string[][] Rows() =>
        [.. MarkdownTable.Rows("docs/security.md").Where(cells => cells.Length == 5 && cells[0].Length > 1 && cells[0][0] == 'S' && char.IsAsciiDigit(cells[0][1]))];
}
