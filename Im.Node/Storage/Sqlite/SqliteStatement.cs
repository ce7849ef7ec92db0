using System.Buffers;
using System.Text;
using System.Text.Unicode;
using SQLitePCL;

namespace Im.Node.Storage.Sqlite;

/// <summary>
/// One prepared statement, bound and stepped without a command object in between: an append runs three of them per record.
/// Used by the one thread that its connection belongs to. Parameters are numbered from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement(SqliteDb db, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        db.Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, long? value)
    {
        if (value is { } number) return Bind(index, number);
        db.Check(raw.sqlite3_bind_null(statement, index));
        return this;
    }

    /// <param name="value">Valid UTF-16; null binds NULL.</param>
    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null) db.Check(raw.sqlite3_bind_null(statement, index));
        else if (value.Length == 0) db.Check(raw.sqlite3_bind_text(statement, index, ""));
        else BindText(index, value);
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        db.Check(raw.sqlite3_bind_blob(statement, index, value));
        return this;
    }

    /// <summary>True when there is a row; after the last one the statement is ready for its next use.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW) return true;
        if (result == raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(statement);
            return false;
        }

        var failure = db.Failure(result);
        raw.sqlite3_reset(statement);
        throw failure;
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Rows changed.</returns>
    public int Run()
    {
        while (Step())
        {
        }

        return db.Changes;
    }

    /// <summary>Leaves the rest of the rows: a statement that is not at its end holds its snapshot.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[] Blob(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public void Dispose() => statement.Dispose();

    private void BindText(int index, string value)
    {
        const int OnStack = 512;
        byte[]? rented = null;
        var bytes = value.Length * 3 <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(value.Length * 3);
        try
        {
            Utf8.FromUtf16(value, bytes, out _, out var length);
            db.Check(raw.sqlite3_bind_text(statement, index, bytes[..length]));
        }
        finally
        {
            if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
