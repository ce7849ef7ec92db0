using System.Globalization;

namespace Im.Cli.Doctor;

/// <summary>Who listens on a port of this machine, by <c>/proc</c>.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    /// <summary>Null when the port is free; else <c>name (pid)</c>, or an empty text when the process belongs to somebody else.</summary>
    public static string? OwnerOf(SystemFiles files, int port)
    {
        var inodes = files.Lines("proc/net/tcp").Concat(files.Lines("proc/net/tcp6")).Select(line => InodeAt(line, port)).OfType<string>().ToHashSet();
        if (inodes.Count == 0) return null;
        var sockets = inodes.Select(inode => $"socket:[{inode}]").ToHashSet();
        foreach (var process in files.Directories("proc").Where(name => name.All(char.IsAsciiDigit)))
        {
            if (files.Links($"proc/{process}/fd").Any(sockets.Contains)) return $"{files.Text($"proc/{process}/comm")} ({process})";
        }

        return "";
    }

    /// <summary>The inode of a line such as <c>0: 0100007F:1F90 00000000:0000 0A …</c> when it listens on the port.</summary>
    internal static string? InodeAt(string line, int port)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 10 || fields[3] != Listening) return null;
        var colon = fields[1].LastIndexOf(':');
        return colon > 0 && int.TryParse(fields[1].AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number) && number == port ? fields[9] : null;
    }
}
