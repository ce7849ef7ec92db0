namespace Im.Node.Storage.Sqlite;

/// <summary>
/// Copies the log into the file on a thread and connection of its own while appends go on, so that no append pays for it. When
/// appends come without a pause the log can only start over between two groups: then the writer is asked to finish the copy.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    /// <summary>Rows changed after which a copy is worth its two syncs.</summary>
    private const int RowsBetween = 16_000;

    /// <summary>Frames (pages of 4 KiB) of a log that is too long: 64 MiB.</summary>
    private const int TooManyFrames = 16_384;

    private readonly SqliteDb _db;
    private readonly Action<SqliteFailure> _onLostSync;
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private volatile bool _isTooLong;
    private int _rowsAtLast;
    private int _isWanted;

    public SqliteCheckpointer(string path, Action<SqliteFailure> onLostSync)
    {
        _db = SqliteDb.Open(path, writes: true);
        _onLostSync = onLostSync;
        _thread = new Thread(Run) { Name = "im-store-checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void Committed(SqliteDb writer)
    {
        if (_isTooLong)
        {
            _isTooLong = false;
            Checkpoint(writer);
        }

        var rows = writer.TotalChanges;
        if (rows - _rowsAtLast < RowsBetween) return;
        _rowsAtLast = rows;
        if (Interlocked.Exchange(ref _isWanted, 1) == 0) _wanted.Release();
    }

    public void Dispose()
    {
        _isStopping = true;
        _wanted.Release();
        _thread.Join();
        _db.Dispose();
        _wanted.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            if (_isStopping) return;
            Volatile.Write(ref _isWanted, 0);
            _isTooLong = Checkpoint(_db) > TooManyFrames;
        }
    }

    /// <returns>Frames in the log; 0 when it could not be copied now.</returns>
    private int Checkpoint(SqliteDb db)
    {
        try
        {
            return db.Checkpoint();
        }
        catch (SqliteFailure failure)
        {
            if (failure.IsSync) _onLostSync(failure);
            return 0;
        }
    }
}
