using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;

namespace Im.Cli.Verify.Hosts;

/// <summary>Programs of this machine that a cluster on it needs besides the node.</summary>
internal static class HostPrograms
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    public static string Nginx => Find("nginx") ?? throw Missing("nginx");

    public static string Ip => Find("ip") ?? throw Missing("iproute2");

    /// <summary>The directory of <c>initdb</c> and <c>postgres</c>: what <c>IM_POSTGRES</c> says, else the newest where Debian puts it.</summary>
    public static string PostgresDirectory => Environment.GetEnvironmentVariable("IM_POSTGRES") ?? NewestPostgres() ?? throw Missing("postgresql");

    /// <summary>Debian packages to install first.</summary>
    public static IReadOnlyList<string> MissingPackages(bool withNamespaces)
    {
        var missing = new List<string>();
        if (Find("nginx") is null) missing.Add("nginx");
        if (Environment.GetEnvironmentVariable("IM_POSTGRES") is null && NewestPostgres() is null) missing.Add("postgresql");
        if (withNamespaces && Find("ip") is null) missing.Add("iproute2");
        return missing;
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(["/usr/sbin", "/sbin"])
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static string? NewestPostgres() => !Directory.Exists(DebianPostgres) ? null : Directory.EnumerateDirectories(DebianPostgres)
        .OrderByDescending(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0)
        .Select(path => Path.Combine(path, "bin"))
        .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")));

    private static BenchException Missing(string package) => new(Say.It($"The Debian package {package} is missing.", $"缺少 Debian 软件包 {package}。"));
}
