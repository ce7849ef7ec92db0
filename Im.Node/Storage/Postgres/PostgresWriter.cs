using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>
/// One of the writers: it takes what waits and commits it in one transaction, in its turn. Several may commit at the same time; a conversation has one
/// part in flight, so it is never in two of them.
/// </summary>
internal sealed class PostgresWriter(NpgsqlDataSource source, AppendQueue queue, CommitTurns turns, Breaker breaker, TimeProvider time)
{
    private readonly AppendGroup _group = new(time);
    private readonly PostgresAppender _appender = new();
    private Stage _stage;

    /// <summary>How far a transaction has come. What fails when it is left has no say about it any more.</summary>
    private enum Stage
    {
        Applying,
        Committing,
        Committed,
    }

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
        while (await TakeAndCommitAsync().ConfigureAwait(false)) _group.Answer();
    }

    /// <returns>False when nothing waits.</returns>
    private async Task<bool> TakeAndCommitAsync()
    {
        var isTurn = await turns.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_group.TakeFrom(queue)) return false;
            _group.Sort();
            if (!breaker.IsOpen) await CommitAsync().ConfigureAwait(false);
            return true;
        }
        finally
        {
            if (isTurn) turns.Pass();
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
        _stage = Stage.Applying;
        try
        {
            await TransactAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure))
        {
            return OnFailure(failure, isLast);
        }
    }

    private async Task TransactAsync()
    {
        var connection = await source.OpenConnectionAsync().ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await TransactAsync(connection, isGuarded: false).ConfigureAwait(false);
            }
            catch (PostgresException failure) when (_stage == Stage.Applying && (PostgresFailures.IsData(failure) || PostgresFailures.IsContention(failure)))
            {
                await TransactAsync(connection, isGuarded: true).ConfigureAwait(false);
            }
        }
    }

    private async Task TransactAsync(NpgsqlConnection connection, bool isGuarded)
    {
        var transaction = await connection.BeginTransactionAsync().ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (isGuarded) await _appender.ApplyOneByOneAsync(_group, transaction).ConfigureAwait(false);
            else await _appender.ApplyAsync(_group, connection).ConfigureAwait(false);
            _stage = Stage.Committing;
            await transaction.CommitAsync().ConfigureAwait(false);
            _stage = Stage.Committed;
            breaker.Succeeded();
        }
    }

    /// <summary>Once COMMIT is on its way, only an answer of the server says what became of it.</summary>
    /// <returns>False to try again on a new connection.</returns>
    private bool OnFailure(Exception failure, bool isLast)
    {
        if (_stage == Stage.Committed) return true;
        var isTimeout = PostgresFailures.IsTimeout(failure);
        var isRefusal = PostgresFailures.IsRefusal(failure) && !isTimeout;
        if (_stage == Stage.Committing && !isRefusal)
        {
            _group.Demote(AppendOutcome.Unknown);
            breaker.Failed(isDown: isTimeout);
            return true;
        }

        _group.SetAll(AppendOutcome.Unavailable);
        if (!isLast && !isTimeout && !isRefusal) return false;
        breaker.Failed(isDown: !isRefusal);
        return true;
    }
}
