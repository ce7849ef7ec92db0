using Im.Tests.Support;
using Xunit;

namespace Im.Tests.Client;

/// <summary>The .NET SDK against the rules that every SDK follows. The format is in vectors/README.md.</summary>
public sealed class VectorSpecs
{
    public static TheoryData<string> Files
    {
        get
        {
            var files = new TheoryData<string>();
            foreach (var path in Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)) files.Add(Path.GetFileNameWithoutExtension(path));
            return files;
        }
    }

    private static string Folder => RepositoryRoot.PathOf("Im.Tests", "Client", "vectors");

    [Theory]
    [MemberData(nameof(Files))]
    public void Should_do_what_the_vector_says_when_it_is_played(string file) =>
        new VectorPlayer(File.ReadAllText(Path.Combine(Folder, file + ".json"))).Play();
}
