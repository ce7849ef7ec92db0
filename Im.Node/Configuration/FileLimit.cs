using System.Runtime.InteropServices;

namespace Im.Node.Configuration;

/// <summary>How many files (sockets are files) this process may have open. .NET raises the soft limit to the hard one at start.</summary>
internal static partial class FileLimit
{
    /// <summary>Kept free of WebSockets: HTTP, gRPC and remoting connections, logs, assemblies.</summary>
    public const int Reserve = 500;

    private const int ResourceNoFile = 7;

    /// <summary>The limit; a large number where there is none or it cannot be read.</summary>
    public static long Current()
    {
        if (!OperatingSystem.IsLinux()) return int.MaxValue;
        return GetResourceLimit(ResourceNoFile, out var limit) == 0 && limit.Soft <= int.MaxValue ? (long)limit.Soft : int.MaxValue;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    private readonly struct ResourceLimit
    {
        public readonly nuint Soft;
        public readonly nuint Hard;
    }
}
