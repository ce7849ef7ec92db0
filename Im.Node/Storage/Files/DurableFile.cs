using System.Runtime.InteropServices;

namespace Im.Node.Storage.Files;

/// <summary>Small files that are whole or not there, also after a power cut.</summary>
internal static partial class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Replaces the file.</summary>
    /// <param name="syncs">False spares the disk: after a power cut the file may be an older one.</param>
    public static void Write(string path, string text, bool syncs)
    {
        var temporary = path + ".new";
        using (var file = new StreamWriter(temporary))
        {
            file.Write(text);
            file.Flush();
            if (syncs) ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        if (syncs) SyncDirectory(Path.GetDirectoryName(path)!);
    }

    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        File.Delete(path);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Copies into a new file whose bytes are on the disk when this returns.</summary>
    public static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write);
        source.CopyTo(target, 1024 * 1024);
        target.Flush(flushToDisk: true);
    }

    /// <summary>Makes names that were added, replaced or removed durable.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var handle = Open(path, ReadOnly);
        if (handle < 0) return;
        _ = Sync(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
