using System.Runtime.InteropServices;
using Im.Node.Health;

namespace Im.Node.Lifetime;

/// <summary>
/// The end of the real process. It does not wait for the actors: those of a node that was put out of the cluster may hang in the
/// same thing that put it out. The sockets of clients close with the process, and clients come back to another node.
/// </summary>
internal sealed partial class ProcessEnd(NodeReadiness readiness, IHostApplicationLifetime lifetime, ILogger<ProcessEnd> logger) : IProcessEnd
{
    /// <summary>For the runtime's own exit; then the system ends the process.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    private int _begun;

    public void End(int exitCode, string why)
    {
        if (readiness.IsDraining || lifetime.ApplicationStopping.IsCancellationRequested || Interlocked.Exchange(ref _begun, 1) != 0) return;
        readiness.BeginDrain();
        LogEnd(why, exitCode);
        Console.Error.WriteLine($"{why} (exit code {exitCode})");

        // Threads of their own: the pool's may be what hangs.
        new Thread(() => Environment.Exit(exitCode)) { IsBackground = true, Name = "im-end" }.Start();
        new Thread(() => EndHard(exitCode)) { IsBackground = true, Name = "im-end-hard" }.Start();
    }

    private static void EndHard(int exitCode)
    {
        Thread.Sleep(Bound);
        if (OperatingSystem.IsWindows()) Environment.FailFast(message: null);
        else ExitNow(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    [LoggerMessage(LogLevel.Critical, "{Why}: this process ends with {ExitCode}")]
    private partial void LogEnd(string why, int exitCode);
}
