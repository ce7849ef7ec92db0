using Im.Actors.Conversations.Store;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>One statement, its values by position, its rows as a list.</summary>
internal static class PostgresQueries
{
    /// <summary>The columns of <see cref="Record"/>, in its order.</summary>
    public const string RecordColumns = "m.mseq, m.mid, m.sender, m.author, m.cid, m.type, m.body, m.ext, m.ts, m.changed_by, m.recalled, m.expires";

    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params object?[] values)
    {
        var command = connection.Command(sql, values);
        await using (command.ConfigureAwait(false))
        {
            var rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                List<T> found = [];
                while (await rows.ReadAsync(cancellation).ConfigureAwait(false)) found.Add(read(rows));
                return found;
            }
        }
    }

    /// <returns>Rows changed.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params object?[] values)
    {
        var command = connection.Command(sql, values);
        await using (command.ConfigureAwait(false)) return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public static StoredRecord Record(NpgsqlDataReader row, int from = 0)
    {
        var sender = row.GetString(from + 2);
        var author = row.GetString(from + 3);
        var type = row.GetString(from + 5);
        return new StoredRecord(
            row.GetInt64(from), row.GetString(from + 1), sender, author == sender ? sender : author, row.TextOrNull(from + 4),
            type == StoredRecord.EventType ? StoredRecord.EventType : type, row.GetString(from + 6), row.TextOrNull(from + 7), row.GetInt64(from + 8), row.GetInt64(from + 9), row.GetBoolean(from + 10))
        {
            ExpiresMs = row.GetInt64(from + 11),
        };
    }

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        return command;
    }
}
