namespace Im.Actors.Conversations;

/// <summary>Says whether the node's egress is so far behind that a new message is better refused than queued (reply 1016).</summary>
public interface IFanoutGate
{
    bool IsOverloaded { get; }
}
