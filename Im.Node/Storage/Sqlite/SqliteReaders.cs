using System.Threading.Channels;

namespace Im.Node.Storage.Sqlite;

/// <summary>
/// A few connections that read, each on a thread of its own. A read is short and finishes before anything waits for it, and is
/// interrupted after a second, so that it does not keep the log from being emptied. What comes when the queue is full is refused.
/// </summary>
internal sealed class SqliteReaders : IDisposable
{
    private const int MaxWaiting = 1_024;

    private static readonly TimeSpan ReadBound = TimeSpan.FromSeconds(1);

    private readonly Channel<Action<SqliteDb>> _waiting = Channel.CreateBounded<Action<SqliteDb>>(MaxWaiting);
    private readonly List<Thread> _threads = [];

    public SqliteReaders(string path, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var db = SqliteDb.Open(path, writes: false);
            var thread = new Thread(() => Run(db)) { Name = $"im-store-reader-{i}", IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Runs the query on one snapshot.</summary>
    /// <param name="unavailable">The answer when the store cannot be read now.</param>
    public Task<T> RunAsync<T>(Func<SqliteDb, T> query, T unavailable, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Writer.TryWrite(db => Read(db, query, unavailable, answer, cancellation)) ? answer.Task : Task.FromResult(unavailable);
    }

    public void Dispose()
    {
        _waiting.Writer.Complete();
        _threads.ForEach(thread => thread.Join());
    }

    private static void Read<T>(SqliteDb db, Func<SqliteDb, T> query, T unavailable, TaskCompletionSource<T> answer, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            answer.SetCanceled(cancellation);
            return;
        }

        try
        {
            db.Bound(ReadBound);
            db.Statement("BEGIN").Run();
            var result = query(db);
            db.Statement("COMMIT").Run();
            answer.SetResult(result);
        }
        catch (SqliteFailure)
        {
            db.RollBack();
            answer.SetResult(unavailable);
        }
        catch (Exception failure)
        {
            db.RollBack();
            answer.SetException(failure);
        }
    }

    private void Run(SqliteDb db)
    {
        using (db)
        {
            while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (_waiting.Reader.TryRead(out var read)) read(db);
            }
        }
    }
}
