using System.Globalization;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Doctor;

/// <summary>A connection is an open file, of the process and of the machine.</summary>
internal static class FileChecks
{
    /// <summary>Files that a node keeps for itself.</summary>
    private const int Spare = 500;

    /// <summary>The limit that the node will have: its runtime raises the soft one to the hard one when it starts.</summary>
    public static Finding Process(SystemFiles files, int connections)
    {
        // This process has raised its own already; the one that started it still shows both.
        var parent = files.Lines("proc/self/status").FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal))?[5..].Trim();
        if ((Limits(files, $"proc/{parent}/limits") ?? Limits(files, "proc/self/limits")) is not var (soft, hard)) return new Finding("ulimit -n", FindingLevel.Note, Unknown);
        var needed = (long)connections + Spare;
        var found = Say.It($"soft {Show(soft)}, hard {Show(hard)}", $"软限制 {Show(soft)}，硬限制 {Show(hard)}");
        return hard >= needed
            ? new Finding("ulimit -n", FindingLevel.Ok, found)
            : new Finding("ulimit -n", FindingLevel.Set, found, $"ulimit -Hn {needed}; LimitNOFILE={needed}", Say.It(
                $"{Format.Count(connections)} connections need {Format.Count(needed)} open files; the node raises the soft limit to the hard one by itself, not beyond.",
                $"{Format.Count(connections)} 个连接需要 {Format.Count(needed)} 个打开文件；节点会自行把软限制提高到硬限制，但无法超过它。"));
    }

    public static Finding Machine(SystemFiles files, int connections)
    {
        if (files.Numbers("proc/sys/fs/file-max") is not [var max]) return new Finding("fs.file-max", FindingLevel.Note, Unknown);
        var used = files.Numbers("proc/sys/fs/file-nr") is [var open, ..] ? open : 0;
        var needed = used + connections + Spare;
        var found = Say.It($"{Show(max)}, {Format.Count(used)} open", $"{Show(max)}，已打开 {Format.Count(used)}");
        return max >= needed
            ? new Finding("fs.file-max", FindingLevel.Ok, found)
            : new Finding("fs.file-max", FindingLevel.Set, found, $"sysctl -w fs.file-max={needed}", Say.It("All processes together may open no more.", "所有进程合计不能打开更多文件。"));
    }

    internal static string Unknown => Say.It("cannot be read here", "此处无法读取");

    internal static string Show(long value) => value >= long.MaxValue / 2 ? Say.It("unlimited", "不限") : Format.Count(value);

    private static (long Soft, long Hard)? Limits(SystemFiles files, string path)
    {
        var line = files.Lines(path).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, _, _, { } soft, { } hard, ..] ? (Limit(soft), Limit(hard)) : null;
    }

    private static long Limit(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
}
