using System.Globalization;
using System.Net.Sockets;

namespace Im.Node.Sockets;

/// <summary>
/// File handles that sockets never take. The runtime needs some for each new thread and ends the process when it has none, so a
/// node that runs into its limit must refuse newcomers before that.
/// </summary>
internal sealed class HandleReserve
{
    private const int SmallestCount = 64;
    private const int LargestCount = 256;

    private readonly long _firstRefused;

    /// <param name="handlesMaxCount">How many the process may have; 0 asks the system.</param>
    public HandleReserve(int handlesMaxCount)
    {
        var limit = handlesMaxCount > 0 ? handlesMaxCount : ReadLimit();
        _firstRefused = limit - Math.Clamp(limit / 16, SmallestCount, LargestCount);
    }

    /// <summary>A new handle has the lowest free number, so its number tells how many are in use at least.</summary>
    public bool IsTouchedBy(Socket socket) => OperatingSystem.IsLinux() && socket.SafeHandle.DangerousGetHandle() >= _firstRefused;

    /// <summary>The soft limit, as the runtime has raised it at its start.</summary>
    private static long ReadLimit()
    {
        const string label = "Max open files";
        if (!OperatingSystem.IsLinux()) return int.MaxValue;
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith(label, StringComparison.Ordinal));
        var soft = line[label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }
}
