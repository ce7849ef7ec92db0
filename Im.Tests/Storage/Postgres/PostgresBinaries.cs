namespace Im.Tests.Storage.Postgres;

/// <summary>The server that the tests start: <c>IM_POSTGRES</c>, else the newest where Debian puts it.</summary>
internal static class PostgresBinaries
{
    private const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>The directory of <c>initdb</c> and <c>postgres</c>, or null.</summary>
    public static string? Directory { get; } = Environment.GetEnvironmentVariable("IM_POSTGRES") ?? Newest();

    /// <summary>The reason for not running, or null when these tests are to run.</summary>
    public static string? WhyNotRun() =>
        Directory is not null || Environment.GetEnvironmentVariable("IM_TESTS_ALL") == "1"
            ? null
            : $"No PostgreSQL in {DebianRoot}: install the package postgresql, set IM_POSTGRES, or IM_TESTS_ALL=1 to make this a failure.";

    public static string PathOf(string program) => Path.Combine(Directory ?? throw new InvalidOperationException("PostgreSQL is not installed"), program);

    private static string? Newest() => !System.IO.Directory.Exists(DebianRoot) ? null : System.IO.Directory.EnumerateDirectories(DebianRoot)
        .OrderByDescending(path => int.TryParse(Path.GetFileName(path), out var version) ? version : 0)
        .Select(path => Path.Combine(path, "bin"))
        .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")));
}
