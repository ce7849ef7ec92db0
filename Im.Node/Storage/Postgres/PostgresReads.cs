using Npgsql;

namespace Im.Node.Storage.Postgres;

/// <summary>Reads, so many at the same time and so many waiting; the rest is refused. A read that takes a second is ended.</summary>
internal sealed class PostgresReads(NpgsqlDataSource source, int count) : IDisposable
{
    private const int MaxWaiting = 1_024;

    private readonly SemaphoreSlim _free = new(count);
    private int _waiting;

    /// <summary>Runs the query on a connection.</summary>
    /// <param name="unavailable">The answer when the store cannot be read now.</param>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> query, T unavailable, CancellationToken cancellation)
    {
        if (!await EnterAsync(cancellation).ConfigureAwait(false)) return unavailable;
        try
        {
            var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false)) return await query(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsStore(failure))
        {
            return unavailable;
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Runs the queries on one snapshot.</summary>
    public Task<T> RunOnSnapshotAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> queries, T unavailable, CancellationToken cancellation) =>
        RunAsync(
            async (connection, stop) =>
            {
                var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    var answer = await queries(connection, stop).ConfigureAwait(false);
                    await transaction.CommitAsync(stop).ConfigureAwait(false);
                    return answer;
                }
            },
            unavailable,
            cancellation);

    public void Dispose() => _free.Dispose();

    private async Task<bool> EnterAsync(CancellationToken cancellation)
    {
        if (_free.Wait(0, CancellationToken.None)) return true;
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            await _free.WaitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
