using System.Diagnostics;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary>A server that the bench started. Its output goes to a file, whose end is shown when it does not come up. It ends with the bench.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 12;
    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _logPath;

    private ChildProcess(Process process, StreamWriter log, string logPath)
    {
        _process = process;
        _log = log;
        _logPath = logPath;
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public int Id => _process.Id;

    /// <exception cref="BenchException">The program cannot be started.</exception>
    public static ChildProcess Start(string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string directory, string logPath)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            return new ChildProcess(process, new StreamWriter(logPath) { AutoFlush = true }, logPath);
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new BenchException(Say.It($"{fileName} cannot be started: {failure.Message}", $"无法启动 {fileName}：{failure.Message}"));
        }
    }

    /// <summary>Asks until the address answers 200.</summary>
    /// <exception cref="BenchException">The process ended, or the time is over; with the end of its output.</exception>
    public async Task WaitUntilReadyAsync(HttpClient http, string path, TimeSpan limit, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < limit)
        {
            if (_process.HasExited) throw new BenchException(Say.It($"The server ended with {_process.ExitCode}:", $"服务器退出，代码 {_process.ExitCode}：") + Tail());
            try
            {
                using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
                if (response.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(100, cancellation);
        }
        throw new BenchException(Say.It($"The server was not ready within {limit.TotalSeconds:F0} s:", $"服务器在 {limit.TotalSeconds:F0} 秒内未就绪：") + Tail());
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has ended; 128 and the signal's number when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Waits for the end of the process; false when the time is over first.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        using var over = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(over.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    private void OnExit(object? sender, EventArgs arguments) => EndWithThisProcess();

    /// <summary>This process ends; after Ctrl+C perhaps while its main thread is still in <see cref="DisposeAsync"/>, or through with it. What is thrown here would be an unhandled exception.</summary>
    internal void EndWithThisProcess()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has been disposed of, or it or one of its children ended by itself just now.
        }
    }

    private void Write(string? line)
    {
        lock (_log)
        {
            if (line is not null && _log.BaseStream is { CanWrite: true }) _log.WriteLine(line);
        }
    }

    private string Tail()
    {
        lock (_log) _log.Flush();
        using var reader = new StreamReader(new FileStream(_logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var thrown = Array.FindIndex(lines, line => line.StartsWith("Unhandled exception", StringComparison.Ordinal));
        return "\n" + string.Join('\n', thrown >= 0 ? lines.Skip(thrown).Take(TailLines) : lines.TakeLast(TailLines));
    }
}
