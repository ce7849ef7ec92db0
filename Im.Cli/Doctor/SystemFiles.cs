using System.Globalization;

namespace Im.Cli.Doctor;

/// <summary>Reads what the kernel tells in files.</summary>
/// <param name="root"><c>/</c>, or a copy of the files.</param>
internal sealed class SystemFiles(string root)
{
    /// <summary>The file's text without the white space around it; null when it is not there or may not be read.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public IReadOnlyList<string> Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <summary>The numbers of a file, such as the three of <c>tcp_mem</c>; empty when there are none. What is too large for the type is its highest value.</summary>
    public IReadOnlyList<long> Numbers(string path) =>
        [.. (Text(path) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Where(part => part.All(char.IsAsciiDigit)).Select(Number)];

    /// <summary>A value of <c>/proc/meminfo</c> and its like, in bytes; null when the line is not there.</summary>
    public long? KiloBytes(string path, string name)
    {
        var line = Lines(path).FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        var number = line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, { } value, ..] && long.TryParse(value, CultureInfo.InvariantCulture, out var kilo) ? kilo : (long?)null;
        return number * 1024;
    }

    /// <summary>The directories of a directory, by name; empty when it is not there.</summary>
    public IEnumerable<string> Directories(string path)
    {
        var full = Path.Combine(root, path);
        return Directory.Exists(full) ? Directory.EnumerateDirectories(full).Select(directory => Path.GetFileName(directory)!) : [];
    }

    /// <summary>Where the links of a directory point; those that may not be read are left out.</summary>
    public IEnumerable<string> Links(string path)
    {
        string[] entries;
        try
        {
            entries = Directory.GetFileSystemEntries(Path.Combine(root, path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return entries.Select(Target).OfType<string>();
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string digits) => long.TryParse(digits, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
}
