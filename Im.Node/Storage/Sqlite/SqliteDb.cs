using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Im.Node.Storage.Sqlite;

/// <summary>One connection and its prepared statements. Belongs to one thread at a time.</summary>
internal sealed class SqliteDb : IDisposable
{
    private const int BusyTimeoutMs = 5_000;

    /// <summary>Virtual machine steps between two looks at the clock.</summary>
    private const int StepsPerLook = 2_000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private long _deadline = long.MaxValue;

    private SqliteDb(SqliteConnection connection)
    {
        _connection = connection;
        _handle = connection.Handle!;
    }

    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Rows changed since the connection was opened.</summary>
    public int TotalChanges => raw.sqlite3_total_changes(_handle);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public SqliteConnection Connection => _connection;

    /// <param name="path">The store file.</param>
    /// <param name="writes">False opens it for queries only.</param>
    public static SqliteDb Open(string path, bool writes)
    {
        var connection = new SqliteConnection(ConnectionString(path));
        try
        {
            connection.Open();
            var db = new SqliteDb(connection);
            db.Execute($"PRAGMA busy_timeout = {BusyTimeoutMs}");
            db.Execute("PRAGMA foreign_keys = OFF");
            db.Execute("PRAGMA temp_store = MEMORY");
            if (writes) db.PrepareForWrites();
            else db.Execute("PRAGMA query_only = ON");
            return db;
        }
        catch (SqliteException failure)
        {
            connection.Dispose();
            throw new SqliteFailure(failure.SqliteExtendedErrorCode, failure.Message);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static string ConnectionString(string path) => new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();

    /// <summary>Prepared at its first use and kept.</summary>
    /// <param name="sql">A constant: there are as many statements as there are texts.</param>
    public SqliteStatement Statement(string sql)
    {
        if (_statements.TryGetValue(sql, out var known)) return known;
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
        return _statements[sql] = new SqliteStatement(this, prepared);
    }

    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_handle, sql);
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    public long Scalar(string sql)
    {
        var statement = Statement(sql);
        var value = statement.Step() ? statement.Long(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>Statements are interrupted once so much time has passed, until <see cref="Unbound"/>.</summary>
    public void Bound(TimeSpan time)
    {
        _deadline = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        raw.sqlite3_progress_handler(_handle, StepsPerLook, _ => Stopwatch.GetTimestamp() > _deadline ? 1 : 0, null);
    }

    public void Unbound()
    {
        _deadline = long.MaxValue;
        raw.sqlite3_progress_handler(_handle, 0, null, null);
    }

    /// <summary>Ends a transaction that failed, if SQLite has not done so by itself.</summary>
    public void RollBack()
    {
        if (IsInTransaction) raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <summary>Copies what is committed from the log into the file as far as readers allow; never waits for them.</summary>
    /// <returns>Frames in the log.</returns>
    public int Checkpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out var frames, out _);
        if (result is not (raw.SQLITE_OK or raw.SQLITE_BUSY)) throw Failure(result);
        return frames;
    }

    public void Check(int result)
    {
        if (result != raw.SQLITE_OK) throw Failure(result);
    }

    public SqliteFailure Failure(int result)
    {
        var extended = raw.sqlite3_extended_errcode(_handle);
        return new SqliteFailure((extended & 0xFF) == (result & 0xFF) ? extended : result, raw.sqlite3_errmsg(_handle).utf8_to_string());
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _connection.Dispose();
    }

    private void PrepareForWrites()
    {
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = FULL");
        Execute("PRAGMA wal_autocheckpoint = 0");
        Execute("PRAGMA journal_size_limit = 67108864");
        Execute("PRAGMA cache_size = -65536");
    }
}
