using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Sqlite;

/// <summary>Reads single rows.</summary>
internal static class SqliteRows
{
    /// <summary>The columns of <see cref="Record"/>, in its order.</summary>
    public const string RecordColumns = "mseq, mid, sender, author, cid, type, body, ext, ts, changed_by, recalled, expires";

    public static StoredRecord Record(SqliteStatement row)
    {
        var sender = row.Text(2);
        var author = row.Text(3);
        var type = row.Text(5);
        return new StoredRecord(
            row.Long(0), row.Text(1), sender, author == sender ? sender : author, row.TextOrNull(4), type == "text" ? "text" : type == StoredRecord.EventType ? StoredRecord.EventType : type,
            row.Text(6), row.TextOrNull(7), row.Long(8), row.Long(9), row.Long(10) != 0)
        {
            ExpiresMs = row.Long(11),
        };
    }

    /// <summary>All rows, and the statement is free again whatever happens.</summary>
    public static List<T> ReadAll<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        List<T> rows = [];
        try
        {
            while (statement.Step()) rows.Add(read(statement));
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }

    /// <summary>The first row, or the default when there is none.</summary>
    public static T? ReadFirst<T>(this SqliteStatement statement, Func<SqliteStatement, T> read)
    {
        try
        {
            return statement.Step() ? read(statement) : default;
        }
        finally
        {
            statement.Reset();
        }
    }
}
