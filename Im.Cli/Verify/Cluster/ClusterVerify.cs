using Im.Cli.Bench.Report;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Im.Cli.Verify.Hosts;
using Im.Cli.Verify.Report;

namespace Im.Cli.Verify.Cluster;

/// <summary>The result of a run against a cluster.</summary>
internal sealed record ClusterReport(VerifyReport Verify, IReadOnlyList<Recovery> Recoveries);

/// <summary><c>im verify --cluster</c>: three nodes, PostgreSQL and nginx of our own, load through the door, one fault a round.</summary>
internal static class ClusterVerify
{
    /// <summary>
    /// A client notices a frozen or cut-off node by its heartbeat only. The defaults of 30 and 75 s spare phones; here a wait of more than 10 s is
    /// to be the server's.
    /// </summary>
    private static readonly IReadOnlyDictionary<string, string> Options = new Dictionary<string, string>
    {
        ["Im__WebSocket__HeartbeatInterval"] = "00:00:03",
        ["Im__WebSocket__HeartbeatTimeout"] = "00:00:09",
        ["Im__Drain__Timeout"] = "00:00:03",
        [$"Im__AppPolicies__{SingleApp}__Devices"] = "single",
    };

    /// <summary>Allows a user one connection; the load's app does not.</summary>
    public const uint SingleApp = 102;

    /// <summary>Every fault but those that need another build.</summary>
    public static readonly IReadOnlyList<ClusterFault> Faults = [.. Enum.GetValues<ClusterFault>().Where(fault => fault != ClusterFault.Mixed)];

    public static async Task<ClusterReport> RunAsync(BenchConsole console, VerifyPlan plan, IReadOnlyList<ClusterFault> faults, string program, string? otherProgram, bool isKept, string run, CancellationToken cancellation)
    {
        var root = NodeLocator.FindRoot(AppContext.BaseDirectory) ?? NodeLocator.FindRoot(Environment.CurrentDirectory) ?? throw new Bench.BenchException(Say.It("No source tree here to take docker/nginx from.", "这里没有源码树，找不到 docker/nginx。"));
        var settings = new ClusterHostsSettings
        {
            Program = program,
            NginxFiles = Path.Combine(root, "docker", "nginx", "im"),
            HasNamespaces = NodeNetwork.WhyNot is null,
            Options = Options,
        };
        await using var hosts = await ClusterHosts.StartAsync(settings, cancellation);
        console.Note(Say.It($"three nodes, PostgreSQL and nginx are up; logs are in {hosts.Directory}", $"三个节点、PostgreSQL 与 nginx 已启动；日志位于 {hosts.Directory}"));
        using var target = new ClusterTarget(hosts, faults, otherProgram, console);
        var verify = new VerifyRun(console, plan, target);
        var report = await verify.RunAsync(run, cancellation);
        var recoveries = Recovery.Of(target.Windows, verify.Book, verify.Facts!.Devices).Select(recovery => recovery with { OverlapMaxMs = OverlapMs(recovery.Window, verify.Facts.Sessions) }).ToList();
        if (report.Valid && !isKept)
        {
            await hosts.DisposeAsync();
            hosts.Forget();
        }
        return new ClusterReport(report, recoveries);
    }

    /// <summary>The longest that two connections of a user who may have one were online at once, of those that begun in the fault's time.</summary>
    private static long OverlapMs(FaultWindow window, SessionFacts sessions) =>
        sessions.Logins.GroupBy(login => login.User).SelectMany(logins => KickCheck.Overlaps([.. logins], sessions.EndMs))
            .Where(overlap => overlap.FromMs >= window.BegunMs && overlap.FromMs <= window.EndedMs).Select(overlap => overlap.Ms).DefaultIfEmpty().Max();
}
