namespace Im.Tests.Support;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = RepositoryRoot.PathOf();

    public static string PathOf(string relative) => RepositoryRoot.PathOf(relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>The built output of a project, of the same configuration as the tests.</summary>
    public static string OutputOf(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), file));
}
