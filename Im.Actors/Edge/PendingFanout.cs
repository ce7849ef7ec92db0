using Im.Actors.Relays;

namespace Im.Actors.Edge;

/// <summary>One push to a room or an app under way: a report is awaited from every node that is up.</summary>
internal sealed class PendingFanout(string messageId, int nodes, TimeProvider time, TimeSpan timeout)
{
    private readonly TaskCompletionSource<(IReadOnlyList<NodeFanout> Nodes, bool Partial)> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _started = time.GetTimestamp();
    private readonly List<NodeFanout> _reports = [];

    public string MessageId { get; } = messageId;

    public Task<(IReadOnlyList<NodeFanout> Nodes, bool Partial)> Task => _completion.Task;

    public TimeSpan Took => time.GetElapsedTime(_started);

    /// <returns>True when every node has reported.</returns>
    public bool Observed(RelayEvents.FanoutReport report)
    {
        _reports.Add(new NodeFanout(report.Node, report.Members, report.Queued, report.Dropped));
        return _reports.Count >= nodes && Complete(partial: false);
    }

    public bool IsOver(long now) => time.GetElapsedTime(_started, now) >= timeout && Complete(partial: true);

    private bool Complete(bool partial)
    {
        _completion.TrySetResult((_reports, partial));
        return true;
    }
}
