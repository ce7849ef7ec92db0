using System.Diagnostics;
using System.Globalization;
using Im.Cli.Bench;
using Im.Cli.Bench.Targets;
using Im.Cli.Text;
using Im.Cli.Verify.Faults;
using Npgsql;

namespace Im.Cli.Verify.Hosts;

/// <summary>
/// A PostgreSQL of our own with its data in a directory of its own, and its sync on. Root may not run one: then it runs as the user
/// <c>postgres</c>. It can be stopped, killed, frozen and started again.
/// </summary>
internal sealed class PostgresHost : IAsyncDisposable
{
    private const string Database = "im";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _directory;
    private readonly string _address;
    private readonly int _port = FreePorts.Take(1)[0];
    private ChildProcess? _process;
    private int _starts;

    private PostgresHost(string directory, string address)
    {
        _directory = directory;
        _address = address;
    }

    /// <summary>How nodes and tools reach the database.</summary>
    public string ConnectionString => ConnectionTo(Database);

    private string DataDirectory => Path.Combine(_directory, "pg", "data");

    /// <summary>Makes an empty database and starts it.</summary>
    /// <param name="directory">Readable by everybody, since the server may run as another user; data and logs go below it.</param>
    /// <param name="address">The one address that it listens on.</param>
    public static async Task<PostgresHost> StartNewAsync(string directory, string address, CancellationToken cancellation)
    {
        var postgres = new PostgresHost(directory, address);
        Directory.CreateDirectory(Path.Combine(directory, "pg"));
        if (IsRoot) await HostCommand.RunAsync("chown", "postgres", Path.Combine(directory, "pg"));
        await HostCommand.RunAsync(AsPostgres(
            [PathOf("initdb"), "-D", postgres.DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]));
        await File.AppendAllTextAsync(Path.Combine(postgres.DataDirectory, "pg_hba.conf"), $"host all all {address}/24 trust\n", cancellation);
        try
        {
            await postgres.StartAsync(cancellation);
            await postgres.ExecuteAsync($"CREATE DATABASE {Database}", cancellation);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on the data that is there and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var log = Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"postgres-{++_starts:00}.log"));
        var command = AsPostgres([
            PathOf("postgres"), "-D", DataDirectory, "-p", $"{_port}", "-k", Path.Combine(_directory, "pg"), "-c", $"listen_addresses={_address}", "-c", "max_connections=120",
        ]);
        _process = ChildProcess.Start(command[0], command[1..], new Dictionary<string, string>(), "/", log);
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancellation))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > Limit)
                throw new BenchException(Say.It("PostgreSQL did not start: ", "PostgreSQL 未能启动：") + await File.ReadAllTextAsync(log, cancellation));
            await Task.Delay(50, cancellation);
        }
    }

    /// <summary>Ends it in order; transactions under way are rolled back.</summary>
    public async Task StopAsync()
    {
        if (_process is null) return;
        Signals.Send(_process.Id, Signals.Interrupt);
        if (!await _process.WaitForExitAsync(Limit)) throw new BenchException(Say.It("PostgreSQL did not stop.", "PostgreSQL 未能停止。"));
        await KillAsync();
    }

    /// <summary>kill -9 of all its processes.</summary>
    public async Task KillAsync()
    {
        if (_process is null) return;
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGSTOP of all its processes: connections stay open and nothing answers.</summary>
    public void Freeze() => SignalAll(Signals.Stop);

    public void Thaw() => SignalAll(Signals.Continue);

    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionTo("postgres"));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private static bool IsRoot => Environment.UserName == "root";

    private static string PathOf(string program) => Path.Combine(HostPrograms.PostgresDirectory, program);

    private static string[] AsPostgres(string[] command) => IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command] : command;

    private string ConnectionTo(string database) =>
        $"Host={_address};Port={_port};Username=postgres;Database={database};GSS Encryption Mode=Disable;SSL Mode=Disable";

    private void SignalAll(int signal)
    {
        foreach (var process in ProcessTree.Of(_process!.Id)) Signals.Send(process, signal);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync("SELECT 1", cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
