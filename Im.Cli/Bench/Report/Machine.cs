using System.Runtime.InteropServices;

namespace Im.Cli.Bench.Report;

/// <summary>What the figures were taken on; part of every JSON result.</summary>
internal sealed record Machine(int Processors, string System, string Runtime, long MemoryBytes)
{
    public static Machine Here { get; } = new(
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
}
