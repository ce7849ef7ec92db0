using System.Diagnostics;
using Im.Cli.Text;

namespace Im.Cli.Bench.Measure;

/// <summary>Processor time of a process, user and system, from <c>/proc/&lt;pid&gt;/stat</c>; exact to one clock tick, 10 ms.</summary>
internal static class ProcessCpu
{
    /// <exception cref="BenchException">There is no such process, or it may not be read.</exception>
    public static TimeSpan Of(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.TotalProcessorTime;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            throw new BenchException(Say.It($"Process {processId} cannot be read: is the server still running?", $"无法读取进程 {processId}：服务器还在运行吗？"));
        }
    }
}
