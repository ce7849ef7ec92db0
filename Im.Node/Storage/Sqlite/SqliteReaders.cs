using System.Threading.Channels;

namespace Im.Node.Storage.Sqlite;

/// <summary>
/// A few connections that read, each on a thread of its own. A read is short and finishes before anything waits for it, and is
/// interrupted after a second, so that it does not keep the log from being emptied. What comes when the queue is full is refused, and so
/// is what has waited too long: so a node's clients may all come back at once, and a disk that is too slow for them does not fall behind
/// for ever.
/// </summary>
internal sealed class SqliteReaders : IDisposable
{
    /// <summary>As many as a node has connections, about; each waits in 250 bytes.</summary>
    private const int MaxWaiting = 32_768;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan ReadBound = TimeSpan.FromSeconds(1);

    private readonly Channel<Action<SqliteDb>> _waiting = Channel.CreateBounded<Action<SqliteDb>>(MaxWaiting);
    private readonly List<Thread> _threads = [];
    private readonly TimeProvider _time;

    public SqliteReaders(string path, int count, TimeProvider time)
    {
        _time = time;
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
        var since = _time.GetTimestamp();
        return _waiting.Writer.TryWrite(Read) ? answer.Task : Task.FromResult(unavailable);

        void Read(SqliteDb db)
        {
            if (_time.GetElapsedTime(since) > LongestWait) answer.SetResult(unavailable);
            else SqliteReaders.Read(db, query, unavailable, answer, cancellation);
        }
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
