using Im.Cli.Bench;
using Im.Cli.Bench.Report;
using Im.Cli.Text;

namespace Im.Cli.Commands;

/// <summary>Turns what can go wrong in a measurement into a line and an exit code.</summary>
internal static class BenchRun
{
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync(Say.It("im bench needs Linux: its client is built on epoll.", "im bench 需要 Linux：客户端基于 epoll。"));
            return Verdict.Failed;
        }
        try
        {
            return await run();
        }
        catch (BenchException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return Verdict.Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(Say.It("Cancelled.", "已取消。"));
            return Verdict.Failed;
        }
    }
}
