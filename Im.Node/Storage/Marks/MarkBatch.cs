using Im.Protocol.Names;

namespace Im.Node.Storage.Marks;

internal readonly record struct DeviceKey(AppId App, string User, string Device, string Conversation);

internal readonly record struct ReaderKey(AppId App, string User, string Conversation);

/// <summary>A number of a conversation and the epoch that it belongs to.</summary>
internal readonly record struct Mark(string Epoch, long Mseq)
{
    /// <summary>The higher of one epoch, else the later told.</summary>
    public Mark Raise(Mark later) => Epoch == later.Epoch && Mseq > later.Mseq ? this : later;
}

/// <summary>Moves that wait for one transaction, one of each key.</summary>
internal sealed class MarkBatch
{
    public Dictionary<DeviceKey, Mark> Delivered { get; } = [];

    /// <summary>Written before the marks, which say where they begin.</summary>
    public Dictionary<(DeviceKey Device, string Epoch), SkippedRanges> Skipped { get; } = [];

    public Dictionary<ReaderKey, Mark> Read { get; } = [];

    public Dictionary<(AppId App, string User), long> LastSeen { get; } = [];

    public int Count => Delivered.Count + Skipped.Count + Read.Count + LastSeen.Count;
}
