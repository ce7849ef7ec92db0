using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Actors.Telemetry;

namespace Im.Node.Storage.Appends;

/// <summary>The parts of one commit and what became of each. Reused by its writer.</summary>
internal sealed class AppendGroup(TimeProvider time)
{
    /// <summary>Bounds of one commit, so that the next one never waits long.</summary>
    private const int MaxRecords = 2_048;
    private const int MaxBytes = 4 * 1024 * 1024;

    private readonly List<QueuedPart> _parts = [];
    private readonly List<(AppendOutcome Outcome, int BadRecord)> _outcomes = [];

    public IReadOnlyList<QueuedPart> Parts => _parts;

    public int Count => _parts.Count;

    public bool TakeFrom(AppendQueue queue)
    {
        _parts.Clear();
        _outcomes.Clear();
        queue.Take(_parts, MaxRecords, MaxBytes);
        for (var i = 0; i < _parts.Count; i++) _outcomes.Add((AppendOutcome.Unavailable, -1));
        return _parts.Count > 0;
    }

    /// <summary>Rows are locked in this order by every writer of every node, so that none wait for each other in a circle.</summary>
    public void Sort() => _parts.Sort(static (left, right) =>
    {
        var apps = left.Part.Conversation.App.Value.CompareTo(right.Part.Conversation.App.Value);
        return apps != 0 ? apps : string.CompareOrdinal(left.Part.Conversation.Conversation.Value, right.Part.Conversation.Conversation.Value);
    });

    public AppendOutcome OutcomeOf(int index) => _outcomes[index].Outcome;

    public void Set(int index, AppendOutcome outcome, int badRecord = -1) => _outcomes[index] = (outcome, badRecord);

    public void SetAll(AppendOutcome outcome)
    {
        for (var i = 0; i < _outcomes.Count; i++) Set(i, outcome);
    }

    /// <summary>Changes the outcome of those that were to be committed, and of no other.</summary>
    public void Demote(AppendOutcome outcome)
    {
        for (var i = 0; i < _outcomes.Count; i++)
        {
            if (_outcomes[i].Outcome == AppendOutcome.Committed) Set(i, outcome);
        }
    }

    /// <summary>Tells every owner. Nothing of the group is answered before this.</summary>
    public void Answer()
    {
        var records = 0;
        for (var i = 0; i < _parts.Count; i++)
        {
            var (part, _, since) = _parts[i];
            var (outcome, badRecord) = _outcomes[i];
            if (outcome == AppendOutcome.Committed) records += part.Records.Count;
            ImMetrics.Appended(outcome, time.GetElapsedTime(since));
            part.ReplyTo.Tell(new AppendResult(part.Tag, outcome, badRecord), ActorRefs.NoSender);
        }

        if (records > 0) ImMetrics.GroupCommitted(records);
    }
}
