using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Im.Tests.Support;

/// <summary>The built node as a process of its own, as an operator starts it. Disposing kills what is left of it.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    public const int SigInt = 2;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigContinue = 18;
    public const int SigStop = 19;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);

    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly Process _process;
    private event Action? Changed;

    private NodeProcess(string[] args, string[]? launcher = null)
    {
        // A shell without job control starts background jobs with SIGINT ignored, and children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", .. launcher ?? [], "dotnet", Repository.OutputOf("Im.Node", "Im.Node.dll"), $"--Im:DataDirectory={DataDirectory}", .. args])
        {
            WorkingDirectory = _directory.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Output => [.. _output];

    public IReadOnlyList<string> Errors => [.. _errors];

    public string DataDirectory => _directory.File("data");

    /// <summary>Starts with exactly these arguments and waits for nothing.</summary>
    public static NodeProcess Run(params string[] args) => new(args);

    /// <summary>Starts on free ports with a data directory of its own and waits until the banner is complete.</summary>
    public static Task<NodeProcess> StartAsync(params string[] args) => StartUnderAsync([], args);

    /// <param name="launcher">A program and its arguments that become the node, the process staying the same.</param>
    public static async Task<NodeProcess> StartUnderAsync(string[] launcher, params string[] args)
    {
        var node = new NodeProcess(
        [
            "--Im:Http:Port=0", "--Im:Grpc:Port=0", "--Im:WebSocket:Port=0", "--Im:Cluster:Port=0", "--Im:Drain:Timeout=00:00:01", .. args,
        ], launcher);
        await node.WaitForAsync(node._output, line => line.StartsWith("Stop with Ctrl+C", StringComparison.Ordinal));
        return node;
    }

    /// <summary>The value of a line of the banner.</summary>
    public string BannerLine(string name) =>
        _output.First(line => line.StartsWith($"  {name}", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .First(word => word.StartsWith("http", StringComparison.Ordinal) || word.StartsWith("ws", StringComparison.Ordinal) || word.StartsWith('/'));

    public void Signal(int signal) => _ = Kill(_process.Id, signal);

    public Task WaitForErrorAsync(Func<string, bool> matches) => WaitForAsync(_errors, matches);

    /// <summary>Waits for the end of the process and of its output.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan? bound = null)
    {
        await _process.WaitForExitAsync().WaitAsync(bound ?? Bound);
        return _process.ExitCode;
    }

    /// <summary>Looks for so long whether the process ends.</summary>
    public async Task<bool> IsAliveAfterAsync(TimeSpan span)
    {
        using var bound = new CancellationTokenSource(span);
        try
        {
            await _process.WaitForExitAsync(bound.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        _directory.Dispose();
    }

    private async Task WaitForAsync(ConcurrentQueue<string> lines, Func<string, bool> matches)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (lines.Any(matches)) found.TrySetResult();
        }

        Changed += Look;
        Look();
        var ended = _process.WaitForExitAsync();
        try
        {
            await Task.WhenAny(found.Task, ended).WaitAsync(Bound);
            if (!found.Task.IsCompleted) throw new InvalidOperationException($"The node ended first: {string.Join('\n', _output.Concat(_errors))}");
        }
        finally
        {
            Changed -= Look;
        }
    }

    private void Take(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null) return;
        lines.Enqueue(line);
        Changed?.Invoke();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
