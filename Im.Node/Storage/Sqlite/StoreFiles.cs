using Im.Node.Configuration;
using Im.Node.Storage.Files;

namespace Im.Node.Storage.Sqlite;

/// <summary>The embedded store's files in the data directory, and what is done with them before they are opened and after they are closed.</summary>
internal sealed class StoreFiles(string directory) : IDisposable
{
    public const string Database = "im.db";

    /// <summary>SQLite's log. Without its file it says nothing, and the file without it may lack the newest records.</summary>
    public const string Log = "im.db-wal";

    /// <summary>Held open by the node that uses the store.</summary>
    public const string Lock = "im.db.lock";

    /// <summary>There after an orderly stop, and gone while a node runs.</summary>
    public const string CleanMark = "im.db.clean";

    /// <summary>Left by a process whose store could not be synced; removed once the store has been copied.</summary>
    public const string LostSyncMark = "im.db.lost-sync";

    private FileStream? _lock;

    public string DatabasePath { get; } = Path.Combine(directory, Database);

    /// <summary>There was a store, and its last node did not close it.</summary>
    public bool WasCutShort { get; private set; }

    /// <summary>A sync had failed and the files were copied.</summary>
    public bool WasCopied { get; private set; }

    /// <exception cref="StartupException">Another node uses the store.</exception>
    public void Take()
    {
        TakeLock();
        var isThere = File.Exists(DatabasePath);
        if (isThere && File.Exists(PathOf(LostSyncMark))) Copy();
        DurableFile.Delete(PathOf(LostSyncMark));
        DurableFile.Delete(PathOf(Database) + ".incoming");
        WasCutShort = isThere && !File.Exists(PathOf(CleanMark));
        DurableFile.Delete(PathOf(CleanMark));
        if (!isThere) Create();
    }

    /// <summary>After the last connection has been closed.</summary>
    public void LeaveClean() => DurableFile.Write(PathOf(CleanMark), "", syncs: true);

    public void Dispose() => _lock?.Dispose();

    /// <summary>An empty file is an empty store to SQLite, and its log gets the same rights: nobody else reads messages.</summary>
    private void Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(DatabasePath, options).Dispose();
    }

    private void TakeLock()
    {
        try
        {
            _lock = new FileStream(PathOf(Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StartupException(
                ExitCodes.Storage, $"Im:DataDirectory {directory}: another process has its message store open; stop it, or set Im__DataDirectory to a directory of this node's own");
        }
    }

    /// <summary>What the system still caches may not be what the disk has: new files, synced, take the place of the old ones.</summary>
    private void Copy()
    {
        foreach (var name in new[] { Log, Database }.Where(name => File.Exists(PathOf(name))))
        {
            DurableFile.Copy(PathOf(name), PathOf(name) + ".new");
        }

        foreach (var name in new[] { Log, Database }.Where(name => File.Exists(PathOf(name))))
        {
            File.Move(PathOf(name) + ".new", PathOf(name), overwrite: true);
        }

        DurableFile.SyncDirectory(directory);
        WasCopied = true;
    }

    private string PathOf(string name) => Path.Combine(directory, name);
}
