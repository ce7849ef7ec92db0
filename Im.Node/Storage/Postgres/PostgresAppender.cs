using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Npgsql;
using static Im.Actors.Conversations.Store.AppendOutcome;

namespace Im.Node.Storage.Postgres;

/// <summary>The statements of a group on one connection, inside the writer's transaction.</summary>
internal sealed class PostgresAppender(NpgsqlConnection connection)
{
    private const string PartSavepoint = "part";

    private readonly GroupColumns _columns = new();

    /// <summary>All parts at once.</summary>
    /// <exception cref="PostgresException">A record was refused, or a lock was not to be had: the transaction is spoilt.</exception>
    public async Task ApplyAsync(AppendGroup group)
    {
        _columns.Clear();
        for (var i = 0; i < group.Count; i++) _columns.Add(i, group.Parts[i].Part, group.Parts[i].Part.Records.Count);
        group.SetAll(Fenced);
        await ApplyColumnsAsync(group).ConfigureAwait(false);
    }

    /// <summary>Part by part, each behind a savepoint: one that is refused takes no other with it.</summary>
    public async Task ApplyOneByOneAsync(AppendGroup group, NpgsqlTransaction transaction)
    {
        for (var i = 0; i < group.Count; i++)
        {
            await transaction.SaveAsync(PartSavepoint).ConfigureAwait(false);
            try
            {
                await ApplyAsync(group, i, group.Parts[i].Part.Records.Count).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (PostgresFailures.IsData(failure) || PostgresFailures.IsContention(failure))
            {
                await transaction.RollbackAsync(PartSavepoint).ConfigureAwait(false);
                if (PostgresFailures.IsTaken(failure)) group.Set(i, Fenced);
                else if (PostgresFailures.IsContention(failure)) group.Set(i, Unavailable);
                else group.Set(i, Rejected, await FindBadAsync(group, i, transaction).ConfigureAwait(false));
            }

            await ReleaseAsync().ConfigureAwait(false);
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
                await ApplyAsync(group, index, middle).ConfigureAwait(false);
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
    private async Task ReleaseAsync()
    {
        var command = new NpgsqlCommand("RELEASE SAVEPOINT " + PartSavepoint, connection);
        await using (command.ConfigureAwait(false)) await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    private async Task ApplyAsync(AppendGroup group, int index, int recordsCount)
    {
        _columns.Clear();
        _columns.Add(index, group.Parts[index].Part, recordsCount);
        group.Set(index, Fenced);
        await ApplyColumnsAsync(group).ConfigureAwait(false);
    }

    private async Task ApplyColumnsAsync(AppendGroup group)
    {
        var batch = new NpgsqlBatch(connection);
        await using (batch.ConfigureAwait(false))
        {
            var command = new NpgsqlCommand(PostgresAppendSql.Group, connection);
            await using (command.ConfigureAwait(false))
            {
                _columns.AddTo(command.Parameters);
                var passed = await command.ExecuteReaderAsync().ConfigureAwait(false);
                await using (passed.ConfigureAwait(false))
                {
                    while (await passed.ReadAsync().ConfigureAwait(false))
                    {
                        var index = passed.GetInt32(0);
                        group.Set(index, Committed);
                        AddRest(batch, group.Parts[index].Part, passed.GetInt64(1));
                    }
                }
            }

            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
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
