using System.Runtime;
using System.Runtime.InteropServices;

namespace Im.Node.Ingress.Services;

/// <summary>Brings the process to the memory that it needs, so that figures taken after it compare.</summary>
internal sealed partial class MemoryCollector : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>
    /// Two full compacting collections that keep no free memory for later, finalizers between them, and the C library's free
    /// pages returned (glibc). All threads stop meanwhile; calls wait for each other.
    /// </summary>
    public async Task<(long HeapBytes, long RssBytes)> CollectAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await Task.Run(Collect, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private static (long HeapBytes, long RssBytes) Collect()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        TrimNativeHeap();
        return (GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
    }

    private static void TrimNativeHeap()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library other than glibc has no such function, and nothing to trim.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint pad);
}
