using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Npgsql;
using static Im.Actors.Conversations.Store.AppendOutcome;

namespace Im.Node.Storage.Postgres;

/// <summary>The statements of a group, inside its writer's transaction. One a writer: columns and command are used again.</summary>
internal sealed class PostgresAppender
{
    private const string PartSavepoint = "part";

    private readonly GroupColumns _columns = new();
    private NpgsqlCommand? _command;   // null after a failure, which may leave one that cannot be used again

    /// <summary>All parts at once.</summary>
    /// <exception cref="PostgresException">A record was refused, or a lock was not to be had: the transaction is spoilt.</exception>
    public async Task ApplyAsync(AppendGroup group, NpgsqlConnection connection)
    {
        _columns.Clear();
        for (var i = 0; i < group.Count; i++) _columns.Add(i, group.Parts[i].Part, group.Parts[i].Part.Records.Count);
        group.SetAll(Fenced);
        await ApplyColumnsAsync(group, connection).ConfigureAwait(false);
    }

    /// <summary>Part by part, each behind a savepoint: one that is refused takes no other with it.</summary>
    public async Task ApplyOneByOneAsync(AppendGroup group, NpgsqlTransaction transaction)
    {
        var connection = transaction.Connection!;
        for (var i = 0; i < group.Count; i++)
        {
            await transaction.SaveAsync(PartSavepoint).ConfigureAwait(false);
            try
            {
                await ApplyAsync(group, connection, i, group.Parts[i].Part.Records.Count).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (PostgresFailures.IsData(failure) || PostgresFailures.IsContention(failure))
            {
                await transaction.RollbackAsync(PartSavepoint).ConfigureAwait(false);
                if (PostgresFailures.IsTaken(failure)) group.Set(i, Fenced);
                else if (PostgresFailures.IsContention(failure)) group.Set(i, Unavailable);
                else group.Set(i, Rejected, await FindBadAsync(group, i, transaction).ConfigureAwait(false));
            }

            await ReleaseAsync(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Halves the part until the first record that is refused stands alone.</summary>
    private async Task<int> FindBadAsync(AppendGroup group, int index, NpgsqlTransaction transaction)
    {
        var good = 0;
        var bad = group.Parts[index].Part.Records.Count;
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            try
            {
                await ApplyAsync(group, transaction.Connection!, index, middle).ConfigureAwait(false);
                good = middle;
            }
            catch (PostgresException failure) when (PostgresFailures.IsData(failure))
            {
                bad = middle;
            }

            await transaction.RollbackAsync(PartSavepoint).ConfigureAwait(false);
        }

        return good;
    }

    /// <summary>As a command of its own: the driver's <c>ReleaseAsync</c> waits for the server on the calling thread, which may be the one that its answer comes by.</summary>
    private static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand("RELEASE SAVEPOINT " + PartSavepoint, connection);
        await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private async Task ApplyAsync(AppendGroup group, NpgsqlConnection connection, int index, int recordsCount)
    {
        _columns.Clear();
        _columns.Add(index, group.Parts[index].Part, recordsCount);
        group.Set(index, Fenced);
        await ApplyColumnsAsync(group, connection).ConfigureAwait(false);
    }

    private async Task ApplyColumnsAsync(AppendGroup group, NpgsqlConnection connection)
    {
        var command = TakeCommand(connection);
        NpgsqlBatch? rest = null;
        var passed = await command.ExecuteReaderAsync().ConfigureAwait(false);
        await using (passed.ConfigureAwait(false))
        {
            while (await passed.ReadAsync().ConfigureAwait(false))
            {
                var index = passed.GetInt32(0);
                var part = group.Parts[index].Part;
                group.Set(index, Committed);
                if (HasRest(part)) AddRest(rest ??= new NpgsqlBatch(connection), part, passed.GetInt64(1));
            }
        }

        _command = command;
        if (rest is null) return;
        await using (rest.ConfigureAwait(false)) await rest.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private NpgsqlCommand TakeCommand(NpgsqlConnection connection)
    {
        var command = _command ?? new NpgsqlCommand();
        if (_command is null) _columns.AddTo(command.Parameters);
        _command = null;
        command.Connection = connection;
        var sql = _columns.IsPlain ? PostgresAppendSql.PlainGroup : PostgresAppendSql.Group;
        if (!ReferenceEquals(command.CommandText, sql)) command.CommandText = sql;
        return command;
    }

    private static bool HasRest(AppendPart part)
    {
        if (part.Members.Count > 0) return true;
        for (var i = 0; i < part.Records.Count; i++) if (part.Records[i].Amends is not null) return true;
        return false;
    }

    /// <summary>What depends on rows that the statement before has made, in the order of the part.</summary>
    private static void AddRest(NpgsqlBatch batch, AppendPart part, long conversation)
    {
        foreach (var append in part.Records)
        {
            if (append.Amends is not { } amendment) continue;
            if (amendment.Text is { } text) Add(batch, PostgresAppendSql.Edit, conversation, amendment.Mseq, text, append.Record.Mseq);
            else Add(batch, PostgresAppendSql.Recall, conversation, amendment.Mseq, append.Record.Mseq);
        }

        foreach (var member in part.Members)
        {
            if (member.Role is { } role) Add(batch, PostgresAppendSql.Stay, conversation, member.User, member.ReadsFrom ?? member.AtMseq, (short)role, (long)part.Conversation.App.Value);
            else Add(batch, PostgresAppendSql.EndStay, conversation, member.User, member.AtMseq);
        }
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}
