using System.Globalization;

namespace Im.Cli.Bench.Measure;

/// <summary>Resident memory of a process, and what the kernel holds for sockets on the whole machine.</summary>
internal static class ProcessMemory
{
    /// <summary>VmRSS in bytes; null when the process is not on this machine.</summary>
    public static long? ResidentBytes(int? processId)
    {
        var path = $"/proc/{processId}/status";
        return processId is null || !File.Exists(path) ? null : KiloBytes(File.ReadLines(path), "VmRSS:") * 1024;
    }

    /// <summary>Slab memory of the kernel in bytes: sockets, files, inodes and epoll entries of both ends live there.</summary>
    public static long? KernelSlabBytes() => File.Exists("/proc/meminfo") ? KiloBytes(File.ReadLines("/proc/meminfo"), "Slab:") * 1024 : null;

    /// <summary>The TCP line of <c>/proc/net/sockstat</c>: sockets in use and pages of socket buffers.</summary>
    public static (int InUse, long BufferBytes)? Sockets() => File.Exists("/proc/net/sockstat") ? Sockets(File.ReadLines("/proc/net/sockstat")) : null;

    internal static (int InUse, long BufferBytes)? Sockets(IEnumerable<string> lines)
    {
        var fields = lines.FirstOrDefault(line => line.StartsWith("TCP:", StringComparison.Ordinal))?.Split(' ') ?? [];
        var used = Array.IndexOf(fields, "inuse");
        var pages = Array.IndexOf(fields, "mem");
        if (used < 0 || pages < 0) return null;
        return (int.Parse(fields[used + 1], CultureInfo.InvariantCulture), long.Parse(fields[pages + 1], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
    }

    private static long? KiloBytes(IEnumerable<string> lines, string name)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
