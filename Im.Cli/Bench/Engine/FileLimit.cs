using Im.Cli.Text;

namespace Im.Cli.Bench.Engine;

/// <summary>A process may open only so many files; said before the first connection instead of after the last.</summary>
internal static class FileLimit
{
    /// <summary>Files of the runtime itself, its assemblies and pipes, with room to spare.</summary>
    public const int Spare = 200;

    private const int ResourceOpenFiles = 7;

    /// <summary>The soft limit of this process; the runtime raised it to the hard one when it started.</summary>
    public static unsafe long Current()
    {
        var limits = stackalloc ulong[2];
        if (Libc.GetLimit(ResourceOpenFiles, limits) != 0) return long.MaxValue;
        return limits[0] > long.MaxValue ? long.MaxValue : (long)limits[0];
    }

    /// <exception cref="BenchException">More connections are asked for than this process may open.</exception>
    public static void Require(int connections) => Require(connections, Current());

    internal static void Require(int connections, long limit)
    {
        var needed = (long)connections + Spare;
        if (needed <= limit) return;
        throw new BenchException(Say.It(
            $"{connections} connections need {needed} open files, but this process may open {limit}. Raise it first: ulimit -n {needed} (a service: LimitNOFILE={needed}), for the server too.",
            $"{connections} 个连接需要 {needed} 个打开文件，而本进程最多 {limit} 个。请先提高限制：ulimit -n {needed}（systemd 服务：LimitNOFILE={needed}），服务器端也一样。"));
    }
}
