using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;
using Im.Cli.Verify.Hosts;

namespace Im.Cli.Verify.Cluster;

/// <summary>A share of one processor for a process and what belongs to it, by a control group of version 1 or 2; until it is disposed.</summary>
internal sealed class CpuQuota : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const int PeriodUs = 100_000;

    private readonly string _group;
    private readonly string _parent;
    private readonly IReadOnlyList<int> _processes;

    private CpuQuota(string group, string parent, IReadOnlyList<int> processes)
    {
        _group = group;
        _parent = parent;
        _processes = processes;
    }

    /// <exception cref="BenchException">This machine does not let us.</exception>
    public static CpuQuota Put(int process, double share)
    {
        var isFirst = Directory.Exists($"{Root}/cpu");
        var parent = isFirst ? $"{Root}/cpu" : Root;
        var group = $"{parent}/im-verify-{Environment.ProcessId}";
        var quota = ((int)(share * PeriodUs)).ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText(isFirst ? $"{group}/cpu.cfs_quota_us" : $"{group}/cpu.max", isFirst ? quota : $"{quota} {PeriodUs}");
            var processes = ProcessTree.Of(process);
            var limited = new CpuQuota(group, parent, processes);
            limited.Move(group);
            return limited;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new BenchException(Say.It($"No processor quota here: {refused.Message}", $"无法限制处理器：{refused.Message}"));
        }
    }

    public void Dispose()
    {
        Move(_parent);
        Directory.Delete(_group);
    }

    private void Move(string group)
    {
        foreach (var process in _processes.Where(process => Directory.Exists($"/proc/{process}"))) File.WriteAllText($"{group}/cgroup.procs", process.ToString(CultureInfo.InvariantCulture));
    }
}
