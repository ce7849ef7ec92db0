using System.IO.Enumeration;

namespace Im.Tests.Support;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryRoot.PathOf();

    public static string PathOf(string relative) => RepositoryRoot.PathOf(relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>What is in the source tree under such names, relative to the root; what is built or kept beside it is not looked into: it changes meanwhile.</summary>
    public static IReadOnlyList<string> Files(string pattern) =>
        [.. new FileSystemEnumerable<string>(Root, (ref entry) => Path.GetRelativePath(Root, entry.ToFullPath()), new EnumerationOptions { RecurseSubdirectories = true })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && FileSystemName.MatchesSimpleExpression(pattern, entry.FileName),
            ShouldRecursePredicate = (ref entry) => entry.FileName is not ("artifacts" or "node_modules" or ".git" or "bin" or "obj"),
        }.Order(StringComparer.Ordinal)];

    /// <summary>The built output of a project, of the same configuration as the tests.</summary>
    public static string OutputOf(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), file));
}
