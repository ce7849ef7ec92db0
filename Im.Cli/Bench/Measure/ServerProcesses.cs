namespace Im.Cli.Bench.Measure;

/// <summary>The processes of a server on this machine: one, or one a node. None when they are not known.</summary>
internal sealed class ServerProcesses(IReadOnlyList<int> ids)
{
    public static ServerProcesses Unknown { get; } = new([]);

    public IReadOnlyList<int> Ids => ids;

    public bool AreKnown => ids.Count > 0;

    /// <summary>Processor time of all together; null when they are not known.</summary>
    /// <exception cref="BenchException">One of them is gone.</exception>
    public TimeSpan? Cpu => AreKnown ? TimeSpan.FromTicks(ids.Sum(id => ProcessCpu.Of(id).Ticks)) : null;

    /// <summary>In the order of <see cref="Ids"/>.</summary>
    public IReadOnlyList<TimeSpan> CpuOfEach => [.. ids.Select(ProcessCpu.Of)];

    /// <summary>Resident memory of all together; null when one is not known.</summary>
    public long? ResidentBytes => AreKnown ? ids.Sum(id => ProcessMemory.ResidentBytes(id)) : null;

    public ServerProcesses Without(int id) => new([.. ids.Where(other => other != id)]);
}
