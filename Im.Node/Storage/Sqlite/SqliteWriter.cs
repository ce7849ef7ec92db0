using Im.Actors.Conversations.Store;
using Im.Node.Storage.Appends;
using Im.Node.Storage.Files;

namespace Im.Node.Storage.Sqlite;

/// <summary>
/// The one connection that writes, on a thread of its own. It commits in one transaction what came while the last commit ran,
/// with no delay added; between two groups it runs the other writes, each in a transaction of its own.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Writes other than appends that may wait; the next one is refused.</summary>
    private const int MaxJobs = 1_024;

    private readonly SqliteDb _db;
    private readonly AppendQueue _queue;
    private readonly AppendGroup _group;
    private readonly SqliteAppender _appender;
    private readonly Breaker _breaker;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly Action<SqliteFailure> _onLostSync;
    private readonly Queue<Action> _jobs = new();
    private readonly Thread _thread;
    private volatile bool _isStopping;
    private long _change;

    /// <param name="onLostSync">A sync failed: nothing of this process's cache may be trusted any more.</param>
    public SqliteWriter(SqliteDb db, AppendQueue queue, Breaker breaker, SqliteCheckpointer checkpointer, TimeProvider time, Action<SqliteFailure> onLostSync)
    {
        _db = db;
        _queue = queue;
        _breaker = breaker;
        _checkpointer = checkpointer;
        _onLostSync = onLostSync;
        _group = new AppendGroup(time);
        _appender = new SqliteAppender(db);
        _change = db.Scalar("SELECT max(change) FROM conversation");
        _thread = new Thread(Run) { Name = "im-store-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs the work in a transaction on the writer's thread, after all appends that were queued before.</summary>
    /// <param name="unavailable">The answer when the work could not be done.</param>
    public Task<T> RunAsync<T>(Func<SqliteDb, T> work, T unavailable)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_jobs)
        {
            if (_isStopping || _jobs.Count >= MaxJobs) return Task.FromResult(unavailable);
            _jobs.Enqueue(() => RunInTransaction(work, unavailable, answer));
        }

        _queue.Signal();
        return answer.Task;
    }

    /// <summary>The number of a change that is not an append. Only within <see cref="RunAsync{T}"/>.</summary>
    public long NextChange() => ++_change;

    /// <summary>Gives the store a new generation; the numbers of changes go on above those it hands out. Only within <see cref="RunAsync{T}"/>.</summary>
    public StoreIdentity Renew(SqliteDb db)
    {
        var renewed = SqliteIdentity.Renew(db);
        _change = Math.Max(_change, renewed.Change);
        return renewed;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        lock (_jobs) _isStopping = true;
        _queue.Signal();
        _thread.Join();
        _db.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _queue.Wait();
            var hasWorked = false;
            do
            {
                hasWorked = _group.TakeFrom(_queue);
                if (hasWorked) CommitGroup();
                hasWorked |= RunJob();
            }
            while (hasWorked);

            if (_isStopping) return;
        }
    }

    private bool RunJob()
    {
        Action? job;
        lock (_jobs)
        {
            if (!_jobs.TryDequeue(out job)) return false;
        }

        job();
        return true;
    }

    private void CommitGroup()
    {
        if (_breaker.IsOpen) _group.SetAll(AppendOutcome.Unavailable);
        else TryCommit();
        _group.Answer();
        _checkpointer.Committed(_db);
    }

    private void TryCommit()
    {
        try
        {
            Transact(Apply);
        }
        catch (SqliteFailure failure)
        {
            Fail(failure);
        }
        catch (Exception)
        {
            TryCommitOneByOne();
        }
    }

    /// <summary>Somewhere in the group is a bad record: each part gets a savepoint, and only its own is undone.</summary>
    private void TryCommitOneByOne()
    {
        try
        {
            Transact(ApplyGuarded);
        }
        catch (SqliteFailure failure)
        {
            Fail(failure);
        }
    }

    private void Transact(Action apply)
    {
        var isCommitting = false;
        try
        {
            _db.Statement("BEGIN IMMEDIATE").Run();
            apply();
            isCommitting = true;
            _db.Statement("COMMIT").Run();
            _breaker.Succeeded();
        }
        catch (SqliteFailure failure) when (isCommitting && failure.IsInputOutput)
        {
            _db.RollBack();
            _group.Demote(AppendOutcome.Unknown);
            if (failure.IsSync) _onLostSync(failure);
            _breaker.Failed(isDown: true);
        }
        catch
        {
            _db.RollBack();
            throw;
        }
    }

    private void Apply()
    {
        for (var i = 0; i < _group.Count; i++) _group.Set(i, _appender.Apply(_group.Parts[i].Part, ++_change));
    }

    private void ApplyGuarded()
    {
        for (var i = 0; i < _group.Count; i++)
        {
            _db.Statement("SAVEPOINT part").Run();
            try
            {
                _group.Set(i, _appender.Apply(_group.Parts[i].Part, ++_change));
            }
            catch (Exception failure) when (failure is not SqliteFailure)
            {
                _db.Statement("ROLLBACK TO part").Run();
                if (failure is RecordRefusedException { Outcome: AppendOutcome.Fenced }) _group.Set(i, AppendOutcome.Fenced);
                else _group.Set(i, AppendOutcome.Rejected, (failure as RecordRefusedException)?.Index ?? 0);
            }

            _db.Statement("RELEASE part").Run();
        }
    }

    private void Fail(SqliteFailure failure)
    {
        _group.SetAll(AppendOutcome.Unavailable);
        if (failure.IsSync) _onLostSync(failure);
        _breaker.Failed(isDown: true);
    }

    private void RunInTransaction<T>(Func<SqliteDb, T> work, T unavailable, TaskCompletionSource<T> answer)
    {
        try
        {
            _db.Statement("BEGIN IMMEDIATE").Run();
            var result = work(_db);
            _db.Statement("COMMIT").Run();
            answer.SetResult(result);
        }
        catch (SqliteFailure failure)
        {
            _db.RollBack();
            if (failure.IsSync) _onLostSync(failure);
            answer.SetResult(unavailable);
        }
        catch (Exception failure)
        {
            _db.RollBack();
            answer.SetException(failure);
        }
    }
}
