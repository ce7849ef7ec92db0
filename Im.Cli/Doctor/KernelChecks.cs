using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Doctor;

/// <summary>Bounds of the kernel that many connections meet.</summary>
internal static class KernelChecks
{
    /// <summary>Connects that may wait while a storm of them comes; the node asks for as many.</summary>
    private const int Backlog = 4096;

    /// <summary>Pages of socket buffers that a connection is given here on average; idle ones have none.</summary>
    private const int PagesEach = 1;

    public static IEnumerable<Finding> All(SystemFiles files, int connections)
    {
        yield return AtLeast(files, "net.core.somaxconn", Math.Min(Backlog, connections), Say.It(
            "Connects beyond it are dropped while clients come back all at once, and try again a second later.",
            "客户端同时重连时，超出部分会被丢弃，一秒后才重试。"));
        yield return AtLeast(files, "net.ipv4.tcp_max_syn_backlog", Math.Min(Backlog, connections), Say.It(
            "Half-open connects beyond it are dropped in a storm.",
            "重连风暴中，超出的半开连接会被丢弃。"));
        yield return PortRange(files, connections);
        yield return SocketMemory(files, connections);
        yield return Tracking(files, connections);
    }

    private static Finding AtLeast(SystemFiles files, string name, long needed, string why)
    {
        if (files.Numbers(PathOf(name)) is not [var value]) return new Finding(name, FindingLevel.Note, FileChecks.Unknown);
        return value >= needed
            ? new Finding(name, FindingLevel.Ok, Format.Count(value))
            : new Finding(name, FindingLevel.Set, Format.Count(value), $"sysctl -w {name}={needed}", why);
    }

    private static Finding PortRange(SystemFiles files, int connections)
    {
        const string Name = "net.ipv4.ip_local_port_range";
        if (files.Numbers(PathOf(Name)) is not [var first, var last]) return new Finding(Name, FindingLevel.Note, FileChecks.Unknown);
        var found = Say.It($"{first}–{last}, {Format.Count(last - first + 1)} ports", $"{first}–{last}，共 {Format.Count(last - first + 1)} 个端口");
        return last - first + 1 >= connections
            ? new Finding(Name, FindingLevel.Ok, found)
            : new Finding(Name, FindingLevel.Note, found, $"sysctl -w {Name}=\"1024 65535\"", Say.It(
                "It bounds who connects, not who is connected to: a proxy or a load client needs a port per connection and source address (im bench: --addresses).",
                "它限制发起连接的一方：代理或压测客户端的每个源地址、每个连接都要占一个端口（im bench：--addresses）。"));
    }

    private static Finding SocketMemory(SystemFiles files, int connections)
    {
        const string Name = "net.ipv4.tcp_mem";
        if (files.Numbers(PathOf(Name)) is not [var low, var pressure, var max]) return new Finding(Name, FindingLevel.Note, FileChecks.Unknown);
        var needed = (long)connections * PagesEach;
        var found = Say.It($"{Format.Bytes((double)max * Environment.SystemPageSize)} at most", $"最多 {Format.Bytes((double)max * Environment.SystemPageSize)}");
        return pressure >= needed
            ? new Finding(Name, FindingLevel.Ok, found)
            : new Finding(Name, FindingLevel.Set, found, $"sysctl -w {Name}=\"{Math.Max(low, needed / 2)} {needed} {Math.Max(max, needed * 2)}\"", Say.It(
                "Under pressure the kernel shrinks the buffers of all sockets, and above the maximum it drops what comes.",
                "达到压力值时内核会缩小所有套接字的缓冲，超过最大值则丢弃收到的数据。"));
    }

    private static Finding Tracking(SystemFiles files, int connections)
    {
        const string Name = "net.netfilter.nf_conntrack_max";
        if (files.Numbers(PathOf(Name)) is not [var max]) return new Finding(Name, FindingLevel.Ok, Say.It("connections are not tracked", "未启用连接跟踪"));
        var count = files.Numbers(PathOf("net.netfilter.nf_conntrack_count")) is [var now] ? now : 0;
        var found = Say.It($"{Format.Count(max)}, {Format.Count(count)} in use", $"{Format.Count(max)}，已用 {Format.Count(count)}");
        var needed = count + connections;
        return max >= needed
            ? new Finding(Name, FindingLevel.Ok, found)
            : new Finding(Name, FindingLevel.Set, found, $"sysctl -w {Name}={needed}", Say.It("When the table is full, packets of new connections are dropped without a word.", "跟踪表满后，新连接的数据包会被静默丢弃。"));
    }

    private static string PathOf(string name) => "proc/sys/" + name.Replace('.', '/');
}
