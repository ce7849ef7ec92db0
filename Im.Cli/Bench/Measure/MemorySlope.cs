using Im.Cli.Text;

namespace Im.Cli.Bench.Measure;

/// <summary>The server after a full collection, with so many connections.</summary>
/// <param name="HeapBytes">Managed heap as the server tells it.</param>
/// <param name="KernelSlabBytes">Of the whole machine, hence of both ends.</param>
/// <param name="SocketBufferBytes">Of the whole machine.</param>
internal sealed record MemorySample(int Connections, long RssBytes, long HeapBytes, long? KernelSlabBytes, long? SocketBufferBytes, int? TcpSockets);

/// <summary>Memory that one more connection costs, between the first and the last sample.</summary>
internal sealed record MemorySlope(double RssBytes, double HeapBytes, double? KernelSlabBytes)
{
    /// <exception cref="BenchException">Fewer than two samples, or no growth in connections.</exception>
    public static MemorySlope Between(IReadOnlyList<MemorySample> samples)
    {
        if (samples.Count < 2 || samples[^1].Connections <= samples[0].Connections)
            throw new BenchException(Say.It("A slope needs two steps with a growing number of connections.", "计算斜率需要至少两个连接数递增的步骤。"));
        var (first, last) = (samples[0], samples[^1]);
        double added = last.Connections - first.Connections;
        return new MemorySlope(
            (last.RssBytes - first.RssBytes) / added,
            (last.HeapBytes - first.HeapBytes) / added,
            (last.KernelSlabBytes - first.KernelSlabBytes) / added);
    }
}
