using System.Diagnostics;
using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Text;
using Microsoft.Data.Sqlite;

namespace Im.Cli.Verify.Faults;

/// <summary>
/// A disk whose power can be cut: an ext4 file system in an image file, mounted through a loop device. The image holds what the file system has handed to its disk; what is only in the
/// file system's cache is not in it. A cut copies the image while the node is stopped, and goes on with the copy. What the loop device has taken and not been told to flush counts
/// as kept, so this tries the store's syncs, not a drive's own cache. Needs root.
/// </summary>
internal sealed class PowerDisk : IAsyncDisposable
{
    private const long SizeBytes = 2L * 1024 * 1024 * 1024;
    private const int MaxCopies = 40;

    private static readonly string[] StoreFiles = ["im.db", "im.db-wal"];

    private readonly string _directory;
    private int _cuts;

    private PowerDisk(string directory) => _directory = directory;

    /// <summary>Where it is mounted.</summary>
    public string Path => System.IO.Path.Combine(_directory, "disk");

    private string Image => System.IO.Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"disk-{_cuts:000}.img"));

    /// <param name="directory">For the images; of its own.</param>
    /// <exception cref="BenchException">This machine does not let us.</exception>
    public static async Task<PowerDisk> CreateAsync(string directory)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/dev/loop-control"))
        {
            throw new BenchException(Say.It(
                "The fault powercut mounts a disk image: it needs root and loop devices (/dev/loop-control). Leave it out with --faults, or run im verify as root on a machine that has them.",
                "powercut 故障需要挂载磁盘映像：必须有 root 权限和 loop 设备（/dev/loop-control）。请用 --faults 去掉它，或在具备条件的机器上以 root 运行 im verify。"));
        }

        var disk = new PowerDisk(directory);
        await using (var image = File.Create(disk.Image)) image.SetLength(SizeBytes);
        await RunAsync("mkfs.ext4", "-q", disk.Image);
        Directory.CreateDirectory(disk.Path);
        await disk.MountAsync();
        return disk;
    }

    /// <summary>Copies the image as it is now. The node is stopped meanwhile.</summary>
    /// <returns>The copy.</returns>
    public async Task<string> CopyAsync()
    {
        var copy = Image + ".cut";
        for (var copies = 0; copies < MaxCopies; copies++)
        {
            var written = File.GetLastWriteTimeUtc(Image);
            await RunAsync("cp", "--sparse=always", Image, copy);
            // The kernel's own write-back reached the image meanwhile: that copy is of no one instant.
            if (File.GetLastWriteTimeUtc(Image) == written) return copy;
        }

        throw new BenchException(Say.It("The disk image did not hold still for a copy.", "磁盘映像一直在变化，无法复制。"));
    }

    /// <summary>Goes on with the copy in place of the disk. Nothing has a file of it open any more.</summary>
    /// <exception cref="BenchException">The copy's store is damaged.</exception>
    public async Task GoOnWithAsync(string copy, string data)
    {
        await RunAsync("umount", Path);
        File.Delete(Image);
        _cuts++;
        File.Move(copy, Image);
        await MountAsync();
        CheckIntegrity(data);
    }

    public async ValueTask DisposeAsync() => await RunAsync("umount", "--lazy", Path);

    private Task MountAsync() => RunAsync("mount", "-o", "loop", Image, Path);

    /// <summary>On files of its own, so that the node finds its store as the cut left it.</summary>
    private void CheckIntegrity(string data)
    {
        var copy = Directory.CreateTempSubdirectory("im-verify-check-").FullName;
        try
        {
            foreach (var name in StoreFiles.Where(name => File.Exists(System.IO.Path.Combine(data, name))))
                File.Copy(System.IO.Path.Combine(data, name), System.IO.Path.Combine(copy, name));
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = System.IO.Path.Combine(copy, "im.db"), Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            var verdict = (string)check.ExecuteScalar()!;
            if (verdict != "ok") throw new BenchException(Say.It($"The store is damaged after power cut {_cuts}: {verdict} (image {Image})", $"第 {_cuts} 次断电后存储已损坏：{verdict}（映像 {Image}）"));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new BenchException(Say.It($"{string.Join(' ', command)}: {error.Trim()}", $"{string.Join(' ', command)}：{error.Trim()}"));
    }
}
