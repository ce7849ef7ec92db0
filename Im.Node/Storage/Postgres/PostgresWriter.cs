using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>
/// One of the writers: it takes what waits and commits it in one transaction. Several run at the same time; a conversation has one
/// part in flight, so it is never in two of them.
/// </summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, AppendQueue queue, Breaker breaker, TimeProvider time)
{
    private readonly AppendGroup _group = new(time);

    /// <summary>Ends when told to stop and nothing waits.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await queue.WaitAsync(stopping).ConfigureAwait(false);
                await CommitWaitingAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            await CommitWaitingAsync().ConfigureAwait(false);
        }
    }

    private async Task CommitWaitingAsync()
    {
        while (_group.TakeFrom(queue))
        {
            _group.Sort();
            if (!breaker.IsOpen) await CommitAsync().ConfigureAwait(false);
            _group.Answer();
        }
    }

    private async Task CommitAsync()
    {
        // A connection that broke while nobody used it is found out by the first statement: nothing was sent to be committed, so try once more.
        if (!await TryAsync(isLast: false).ConfigureAwait(false)) await TryAsync(isLast: true).ConfigureAwait(false);
    }

    /// <returns>False to try again on a new connection.</returns>
    private async Task<bool> TryAsync(bool isLast)
    {
        try
        {
            var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                try
                {
                    await TransactAsync(connection, isGuarded: false).ConfigureAwait(false);
                }
                catch (PostgresException failure) when (PostgresFailures.IsData(failure) || PostgresFailures.IsContention(failure))
                {
                    await TransactAsync(connection, isGuarded: true).ConfigureAwait(false);
                }
            }

            return true;
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure))
        {
            _group.SetAll(AppendOutcome.Unavailable);
            if (!isLast && !PostgresFailures.IsTimeout(failure) && !PostgresFailures.IsRefusal(failure)) return false;
            breaker.Failed(isDown: !PostgresFailures.IsRefusal(failure) || PostgresFailures.IsTimeout(failure));
            return true;
        }
    }

    private async Task TransactAsync(NpgsqlConnection connection, bool isGuarded)
    {
        var appender = new PostgresAppender(connection);
        var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (isGuarded) await appender.ApplyOneByOneAsync(_group, transaction).ConfigureAwait(false);
            else await appender.ApplyAsync(_group).ConfigureAwait(false);
            await CommitAsync(transaction).ConfigureAwait(false);
        }
    }

    /// <summary>Once COMMIT is on its way, only an answer of the server says what became of it.</summary>
    private async Task CommitAsync(NpgsqlTransaction transaction)
    {
        try
        {
            await transaction.CommitAsync().ConfigureAwait(false);
            breaker.Succeeded();
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure) && (!PostgresFailures.IsRefusal(failure) || PostgresFailures.IsTimeout(failure)))
        {
            _group.Demote(AppendOutcome.Unknown);
            breaker.Failed(isDown: PostgresFailures.IsTimeout(failure));
        }
    }
}
