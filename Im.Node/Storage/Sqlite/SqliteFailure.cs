using SQLitePCL;

namespace Im.Node.Storage.Sqlite;

/// <summary>What SQLite answered in place of OK.</summary>
/// <param name="code">Extended result code, see sqlite.org/rescode.html.</param>
internal sealed class SqliteFailure(int code, string message) : Exception($"SQLite {code}: {message}")
{
    private const int SyncFailed = raw.SQLITE_IOERR | (4 << 8);
    private const int DirectorySyncFailed = raw.SQLITE_IOERR | (5 << 8);

    public int Code { get; } = code;

    public int PrimaryCode => Code & 0xFF;

    /// <summary>The statement was refused for its data; the transaction and the file are as before.</summary>
    public bool IsData => PrimaryCode is raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH;

    public bool IsInputOutput => PrimaryCode == raw.SQLITE_IOERR;

    /// <summary>fsync failed: the system may have dropped what it was to write, and says so only once.</summary>
    public bool IsSync => Code is SyncFailed or DirectorySyncFailed;

    public bool IsDamage => PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
