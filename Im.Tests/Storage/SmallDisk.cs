using System.Diagnostics;
using Xunit;

namespace Im.Tests.Storage;

/// <summary>
/// A test that mounts a small file system, which root alone may do. Without it is reported as not run, with the reason; under
/// <c>IM_TESTS_ALL=1</c> it runs, and fails, instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("IM_TESTS_ALL") != "1") Skip = "Mounting a small file system needs root: run it as root, or set IM_TESTS_ALL=1 to make this a failure.";
    }
}

/// <summary>A tmpfs of 6 MiB that a test fills and frees.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int SizeMebiBytes = 6;

    public string Path { get; } = Directory.CreateTempSubdirectory("im-test-disk-").FullName;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallDisk> MountAsync()
    {
        var disk = new SmallDisk();
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={SizeMebiBytes}m", "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Leaves about half a mebibyte.</summary>
    public void Fill()
    {
        using var file = File.Create(Ballast);
        var free = new DriveInfo(Path).AvailableFreeSpace - 512 * 1024;
        file.Write(new byte[free]);
    }

    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        Directory.Delete(Path);
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}");
    }
}
