namespace Im.Tests.Support;

/// <summary>Where the sources are: the nearest directory above the test's binaries that holds the solution.</summary>
internal static class RepositoryRoot
{
    private static readonly string Root = Find();

    /// <summary>An absolute path from one relative to the root.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "ImAkka.sln"))) return directory.FullName;
        }

        throw new DirectoryNotFoundException($"No ImAkka.sln above {AppContext.BaseDirectory}");
    }
}
