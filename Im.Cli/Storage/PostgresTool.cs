using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Im.Cli.Text;
using Npgsql;

namespace Im.Cli.Storage;

/// <summary>PostgreSQL: its own tools copy it, and they get the connection by their environment, so that no password is seen.</summary>
internal sealed class PostgresTool : IStoreTool
{
    private readonly NpgsqlConnectionStringBuilder _connection;

    public PostgresTool(string connectionString)
    {
        try
        {
            _connection = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0, ApplicationName = "im-cli" };
        }
        catch (ArgumentException failure)
        {
            throw new StoreException(Say.It($"The connection string cannot be read: {failure.Message}", $"无法解析连接字符串：{failure.Message}"));
        }
    }

    public async Task<string> BackUpAsync(string file, CancellationToken cancellation)
    {
        if (File.Exists(file)) throw new StoreException(Say.It($"{file} exists: name a new file, a backup replaces none.", $"{file} 已存在：请指定新文件，备份不会覆盖任何文件。"));
        var partial = file + ".partial";
        try
        {
            await RunAsync("pg_dump", ["--format=custom", "--no-owner", $"--file={partial}"], cancellation);
            File.Move(partial, file, overwrite: false);
            return Say.It($"Backed up to {file}.", $"已备份到 {file}。");
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public async Task<string> RestoreAsync(string file, CancellationToken cancellation)
    {
        if (!File.Exists(file)) throw new StoreException(Say.It($"There is no backup {file}.", $"备份 {file} 不存在。"));
        await RunAsync("pg_restore", ["--clean", "--if-exists", "--no-owner", "--single-transaction", $"--dbname={_connection.Database}", file], cancellation);
        var generation = await RenewAsync(cancellation);
        return Say.It($"Restored {file} as generation {generation}. Start the nodes again.", $"已恢复 {file}，新的世代为 {generation}。请重新启动各节点。");
    }

    public async Task<string> BumpEpochAsync(CancellationToken cancellation)
    {
        var generation = await RenewAsync(cancellation);
        return Say.It($"The store is generation {generation} now; running nodes learn of it within 10 s.", $"存储的世代现为 {generation}；运行中的节点会在 10 秒内得知。");
    }

    private async Task<string> RenewAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connection.ConnectionString);
            await connection.OpenAsync(cancellation);
            await using var read = new NpgsqlCommand("SELECT value FROM meta WHERE name = 'generation'", connection);
            var from = (string?)await read.ExecuteScalarAsync(cancellation) ?? throw new StoreException(Say.It("The database holds no message store.", "该数据库中没有消息存储。"));
            var generation = RenewScript.NewGeneration();
            await using var renew = new NpgsqlCommand(RenewScript.Of("postgres"), connection);
            renew.Parameters.AddWithValue("generation", generation);
            renew.Parameters.AddWithValue("from", from);
            await renew.ExecuteNonQueryAsync(cancellation);
            return generation;
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StoreException(Say.It("The database holds no message store.", "该数据库中没有消息存储。"));
        }
        catch (NpgsqlException failure)
        {
            var server = $"{_connection.Host}:{_connection.Port}";
            throw new StoreException(Say.It($"{server} cannot be used: {failure.Message.ReplaceLineEndings(" ")}", $"无法使用 {server}：{failure.Message.ReplaceLineEndings(" ")}"));
        }
    }

    private async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["PGHOST"] = _connection.Host;
        start.Environment["PGPORT"] = _connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = _connection.Username;
        start.Environment["PGPASSWORD"] = _connection.Password;
        start.Environment["PGDATABASE"] = _connection.Database;
        try
        {
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0) throw new StoreException(Say.It($"{program} failed: {errors.Trim().ReplaceLineEndings(" ")}", $"{program} 失败：{errors.Trim().ReplaceLineEndings(" ")}"));
        }
        catch (Win32Exception)
        {
            throw new StoreException(Say.It(
                $"{program} was not found: install the PostgreSQL client programs (Debian: postgresql-client) of at least the server's version.",
                $"未找到 {program}：请安装不低于服务器版本的 PostgreSQL 客户端程序（Debian：postgresql-client）。"));
        }
    }
}
