using System.Reflection;

namespace Im.Tests.Support;

/// <summary>The source tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryRoot").Value!);

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>The built output of a project, of the same configuration as the tests.</summary>
    public static string OutputOf(string project, string file) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), file));
}
