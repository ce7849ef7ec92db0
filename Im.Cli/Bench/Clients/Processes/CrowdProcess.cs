using System.Diagnostics;
using Im.Cli.Text;

namespace Im.Cli.Bench.Clients.Processes;

/// <summary>This program once more as a child, with a part of the connections. It ends when its input does.</summary>
internal sealed class CrowdProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private CrowdProcess(Process process) => _process = process;

    /// <exception cref="BenchException">The program cannot be started.</exception>
    public static async Task<CrowdProcess> StartAsync(CrowdSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CrowdProcess).Assembly.Location, Commands.CrowdCommand.Name]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        try
        {
            var child = new CrowdProcess(Process.Start(start) ?? throw new InvalidOperationException("no process"));
            await child.WriteAsync(settings);
            return child;
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            throw new BenchException(Say.It($"A client process cannot be started: {failure.Message}", $"无法启动客户端进程：{failure.Message}"));
        }
    }

    /// <summary>One order at a time.</summary>
    /// <exception cref="BenchException">The process failed or ended.</exception>
    public async Task<CrowdAnswer> AskAsync(CrowdOrder order, Action<int>? progress, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(order);
            while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                var answer = CrowdLine.Read<CrowdAnswer>(line);
                if (answer.Failure is { } failure) throw new BenchException(failure);
                if (answer.IsLast) return answer;
                progress?.Invoke(answer.Progress);
            }
        }
        catch (IOException)
        {
            // It is gone, as below.
        }

        throw new BenchException(Say.It("A client process has ended.", "客户端进程已退出。"));
    }

    public async ValueTask DisposeAsync()
    {
        using var over = new CancellationTokenSource(EndLimit);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(over.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task WriteAsync<T>(T message)
    {
        await _process.StandardInput.WriteLineAsync(CrowdLine.Of(message));
        await _process.StandardInput.FlushAsync();
    }
}
