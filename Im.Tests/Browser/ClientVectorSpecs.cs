using System.Text.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Browser;

/// <summary>The JavaScript SDK goes through the stories that the .NET SDK goes through, in the browser and with a clock of the story's own.</summary>
[Collection(BrowserTests.Name)]
public sealed class ClientVectorSpecs(ChatPageFixture browser)
{
    private static readonly string Folder = Repository.PathOf("Im.Tests/Client/vectors");

    private static readonly string Runner = File.ReadAllText(Repository.PathOf("Im.Tests/Browser/lib/vectors.js"));

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task Should_do_what_the_vector_says_when_it_is_played(string name)
    {
        await using var page = await browser.OpenAsync(new() { Online = false, Script = new ScriptedServer() });
        var vector = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.json")));

        var complaints = await page.Page.EvaluateAsync<string[]>($"vector => ({Runner})(JSON.parse(vector))", vector.GetRawText());

        complaints.ShouldBeEmpty();
    }
}
