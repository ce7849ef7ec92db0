using System.Diagnostics;
using Im.Cli.Bench;
using Im.Cli.Text;

namespace Im.Cli.Verify.Hosts;

/// <summary>A short-lived program of the machine.</summary>
internal static class HostCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <exception cref="BenchException">It failed; with what it said.</exception>
    public static async Task RunAsync(params string[] command)
    {
        var (code, output) = await TryAsync(command);
        if (code != 0) throw new BenchException(Say.It($"{string.Join(' ', command)} ended with {code}: {output}", $"{string.Join(' ', command)} 退出，代码 {code}：{output}"));
    }

    /// <returns>The exit code, and what it wrote to either stream.</returns>
    public static async Task<(int Code, string Output)> TryAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        using var over = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(over.Token);
        var errors = process.StandardError.ReadToEndAsync(over.Token);
        await process.WaitForExitAsync(over.Token);
        return (process.ExitCode, (await output + await errors).Trim());
    }
}
