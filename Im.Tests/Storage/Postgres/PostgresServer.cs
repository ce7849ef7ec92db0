using System.Diagnostics;
using System.Globalization;
using Im.Tests.Support;
using Npgsql;
using Xunit;

namespace Im.Tests.Storage.Postgres;

/// <summary>
/// A PostgreSQL of the tests' own on a free port, with its data in a temporary directory. Root may not run one: then it runs as the
/// user <c>postgres</c>. A test gets a database of its own.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    /// <summary>However the tests end, their server ends with them.</summary>
    private const string UntilInputEnds = "\"$@\" & cat; kill -QUIT $! 2> /dev/null; wait";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"im-test-pg-{Guid.NewGuid():N}");
    private readonly int _port = FreePort.Take(1)[0];
    private Process? _process;
    private int _databases;

    public int Port => _port;

    private string DataDirectory => Path.Combine(_directory, "data");

    public Task InitializeAsync() => PostgresBinaries.WhyNotRun() is null ? StartAsync() : Task.CompletedTask;

    public async Task StartAsync()
    {
        if (!Directory.Exists(_directory))
        {
            Directory.CreateDirectory(_directory);
            if (Environment.UserName == "root") await RunAsync("chown", "postgres", _directory);
            await RunAsAsync(PostgresBinaries.PathOf("initdb"), "-D", DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync");
        }

        _process = Start(["sh", "-c", UntilInputEnds, "sh", .. AsPostgres([
            PostgresBinaries.PathOf("postgres"), "-D", DataDirectory, "-p", $"{_port}", "-k", _directory, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60",
        ])]);
        await Until.TrueAsync(IsUpAsync, () => "PostgreSQL did not start");
    }

    /// <summary>A new, empty database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"im{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};GSS Encryption Mode=Disable;SSL Mode=Disable";

    /// <summary>Ends it as a crash would, or in order.</summary>
    public async Task StopAsync(bool kills = false)
    {
        if (_process is null) return;
        var server = int.Parse((await File.ReadAllLinesAsync(Path.Combine(DataDirectory, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        _ = Libc.Kill(server, kills ? Libc.SigQuit : Libc.SigInt);
        await Until.TrueAsync(() => !File.Exists(Path.Combine(DataDirectory, "postmaster.pid")));
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        _process = null;
    }

    public async Task DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await StopAsync(kills: true);
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<bool> IsUpAsync()
    {
        if (_process!.HasExited) throw new InvalidOperationException($"PostgreSQL ended with {_process.ExitCode}");
        try
        {
            await ExecuteAsync(ConnectionString("postgres"), "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static Task RunAsAsync(params string[] command) => WaitAsync(Start(AsPostgres(command)));

    private static Task RunAsync(params string[] command) => WaitAsync(Start(command));

    private static async Task WaitAsync(Process process)
    {
        await process.WaitForExitAsync().WaitAsync(Bound);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode}");
        process.Dispose();
    }

    private static string[] AsPostgres(string[] command) =>
        Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command] : command;

    private static Process Start(string[] command)
    {
        var process = new Process { StartInfo = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" } };
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "postgres";
}
