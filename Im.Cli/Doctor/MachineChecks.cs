using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Doctor;

/// <summary>Memory, disk and clocks.</summary>
internal static class MachineChecks
{
    /// <summary>The process without connections, with room to work.</summary>
    private const long ProcessBytes = 400L << 20;

    /// <summary>Of one idle connection: the node's part and the kernel's (docs/performance.md).</summary>
    private const long ConnectionBytes = 9 << 10;

    /// <summary>Below, the latency of durable messages is the disk's.</summary>
    private const double SyncsPerSecond = 200;

    private static readonly TimeSpan SyncTime = TimeSpan.FromSeconds(1);
    private static readonly string[] FastClocks = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "xen", "arch_sys_counter"];

    public static Finding Memory(SystemFiles files, int connections)
    {
        var name = Say.It("memory", "内存");
        if (files.KiloBytes("proc/meminfo", "MemAvailable") is not { } available) return new Finding(name, FindingLevel.Note, FileChecks.Unknown);
        if (files.Numbers("sys/fs/cgroup/memory.max") is [var limit] && files.Numbers("sys/fs/cgroup/memory.current") is [var used]) available = Math.Min(available, Math.Max(0, limit - used));
        var needed = ProcessBytes + connections * ConnectionBytes;
        var found = Say.It($"{Format.Bytes(available)} available", $"可用 {Format.Bytes(available)}");
        return available >= needed
            ? new Finding(name, FindingLevel.Ok, found)
            : new Finding(name, FindingLevel.Set, found, Say.It($"at least {Format.Bytes(needed)}", $"至少 {Format.Bytes(needed)}"), Say.It(
                $"{Format.Count(connections)} idle connections need about that much, the kernel's part included.",
                $"{Format.Count(connections)} 个空闲连接大约需要这么多，包括内核部分。"));
    }

    public static Finding Disk(string directory)
    {
        var name = Say.It("disk syncs", "磁盘同步");
        DiskSync disk;
        try
        {
            disk = DiskSync.Measure(directory, SyncTime);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Finding(name, FindingLevel.Set, failure.Message, "--data <directory>", Say.It("The node writes its store there.", "节点的存储写在这里。"));
        }

        var found = Say.It($"{Format.Count(disk.PerSecond)}/s, p99 {Format.Milliseconds(disk.P99Ms)} in {directory}", $"{Format.Count(disk.PerSecond)} 次/秒，p99 {Format.Milliseconds(disk.P99Ms)}（{directory}）");
        return disk.PerSecond >= SyncsPerSecond
            ? new Finding(name, FindingLevel.Ok, found)
            : new Finding(name, FindingLevel.Note, found, "Im__DataDirectory=<directory>", Say.It(
                "Every durable message waits for a sync; many share one, so the rate holds up but the latency is the disk's.",
                "每条持久消息都要等待一次同步；多条消息可共用一次，吞吐仍在，但延迟取决于磁盘。"));
    }

    public static Finding ClockSource(SystemFiles files)
    {
        var name = Say.It("clock source", "时钟源");
        if (files.Text("sys/devices/system/clocksource/clocksource0/current_clocksource") is not { Length: > 0 } source) return new Finding(name, FindingLevel.Note, FileChecks.Unknown);
        return FastClocks.Contains(source)
            ? new Finding(name, FindingLevel.Ok, source)
            : new Finding(name, FindingLevel.Note, source, "clocksource=tsc", Say.It("Reading this clock is a slow call into the kernel, and the node reads it all the time.", "读取此时钟需要较慢的内核调用，而节点会不断读取。"));
    }

    /// <param name="isSynchronized">Null when the kernel does not tell.</param>
    public static Finding Clock(bool? isSynchronized)
    {
        var name = Say.It("clock", "系统时间");
        return isSynchronized switch
        {
            true => new Finding(name, FindingLevel.Ok, Say.It("kept by a time service", "由时间服务校准")),
            false => new Finding(name, FindingLevel.Note, Say.It("nobody keeps it", "没有时间服务校准"), "systemctl enable --now chronyd", Say.It(
                "Tokens expire by this clock (Im__Auth__Jwt__Leeway, 30 s), and messages carry its time.",
                "令牌按此时钟过期（Im__Auth__Jwt__Leeway，30 秒），消息也带有它的时间。")),
            _ => new Finding(name, FindingLevel.Note, FileChecks.Unknown),
        };
    }
}
