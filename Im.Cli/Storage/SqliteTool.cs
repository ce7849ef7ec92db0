using Im.Cli.Text;
using Microsoft.Data.Sqlite;

namespace Im.Cli.Storage;

/// <summary>The embedded store. A backup goes while the node runs; what changes the store needs it stopped.</summary>
internal sealed class SqliteTool(string directory) : IStoreTool
{
    private const string Database = "im.db";

    private string Store => Path.Combine(directory, Database);

    public Task<string> BackUpAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(Store)) throw new StoreException(Say.It($"There is no store {Store}: name the node's data directory with --data.", $"{Store} 不存在：请用 --data 指定节点的数据目录。"));
        if (File.Exists(file)) throw new StoreException(Say.It($"{file} exists: name a new file, a backup replaces none.", $"{file} 已存在：请指定新文件，备份不会覆盖任何文件。"));
        var partial = file + ".partial";
        try
        {
            File.Delete(partial);
            using (var source = Open(Store, SqliteOpenMode.ReadWrite))
            using (var target = Open(partial, SqliteOpenMode.ReadWriteCreate)) source.BackupDatabase(target);
            var summary = Check(partial);
            Sync(partial);
            File.Move(partial, file, overwrite: false);
            return Task.FromResult(Say.It($"Backed up to {file}: {summary}", $"已备份到 {file}：{summary}"));
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public Task<string> RestoreAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw new StoreException(Say.It($"There is no backup {file}.", $"备份 {file} 不存在。"));
        using var held = Hold();
        var incoming = Store + ".incoming";
        File.Copy(file, incoming, overwrite: true);
        Check(incoming);
        var generation = Renew(incoming);
        Sync(incoming);
        var kept = MoveAside();
        File.Move(incoming, Store, overwrite: true);
        Finish();
        return Task.FromResult(Say.It(
            $"Restored {file} as generation {generation}.{(kept is null ? "" : $" The store that was there is {kept}.")}",
            $"已恢复 {file}，新的世代为 {generation}。{(kept is null ? "" : $"原存储保留为 {kept}。")}"));
    }

    public Task<string> BumpEpochAsync(CancellationToken cancellation)
    {
        if (!File.Exists(Store)) throw new StoreException(Say.It($"There is no store {Store}: name the node's data directory with --data.", $"{Store} 不存在：请用 --data 指定节点的数据目录。"));
        using var held = Hold();
        var generation = Renew(Store);
        File.Delete(Path.Combine(directory, "store.mark"));
        return Task.FromResult(Say.It($"The store is generation {generation} now.", $"存储的世代现为 {generation}。"));
    }

    /// <summary>The same file that a node holds while it runs.</summary>
    private FileStream Hold()
    {
        try
        {
            return new FileStream(Store + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new StoreException(Say.It($"A node has {Store} open: stop it first.", $"有节点正在使用 {Store}：请先停止它。"));
        }
    }

    private static readonly string[] LogSuffixes = ["-wal", "-shm"];

    /// <summary>Nothing is lost by a restore: the store that was there stays beside it.</summary>
    private string? MoveAside()
    {
        if (!File.Exists(Store)) return null;
        var kept = $"{Store}.before-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}";
        File.Move(Store, kept);
        foreach (var log in LogSuffixes.Where(suffix => File.Exists(Store + suffix))) File.Move(Store + log, kept + log);
        return kept;
    }

    /// <summary>The marks of the store that was there say nothing of this one, which is whole.</summary>
    private void Finish()
    {
        foreach (var mark in new[] { Path.Combine(directory, "store.mark"), Store + ".lost-sync" }) File.Delete(mark);
        File.WriteAllText(Store + ".clean", "");
    }

    private static string Renew(string path)
    {
        var generation = RenewScript.NewGeneration();
        using var connection = Open(path, SqliteOpenMode.ReadWrite);
        using var settings = connection.CreateCommand();
        settings.CommandText = "PRAGMA synchronous = FULL";
        settings.ExecuteNonQuery();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = RenewScript.Of("sqlite");
        command.Parameters.AddWithValue("@generation", generation);
        command.ExecuteNonQuery();
        transaction.Commit();
        return generation;
    }

    /// <summary>Refuses what is damaged or no store of ours; a summary of the rest.</summary>
    private static string Check(string path)
    {
        try
        {
            using var connection = Open(path, SqliteOpenMode.ReadWrite);
            var verdict = Read<string>(connection, "PRAGMA quick_check(1)");
            if (verdict != "ok") throw new StoreException(Say.It($"{path} is damaged ({verdict}).", $"{path} 已损坏（{verdict}）。"));
            var (conversations, messages) = (Read<long>(connection, "SELECT count(*) FROM conversation"), Read<long>(connection, "SELECT count(*) FROM message"));
            return Say.It($"{conversations} conversations, {messages} records", $"{conversations} 个会话，{messages} 条记录");
        }
        catch (SqliteException failure)
        {
            throw new StoreException(Say.It($"{path} is no message store ({failure.Message}).", $"{path} 不是消息存储（{failure.Message}）。"));
        }
    }

    private static T Read<T>(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    private static void Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 30 }.ToString());
        connection.Open();
        return connection;
    }
}
