using Akka.Actor;

namespace Im.Actors.Sessions;

/// <summary>What comes to a session while it asks the other nodes for its connections: held in order, since nothing is decided before.</summary>
/// <remarks>At most <see cref="MaxHeldCount"/>; above it messages are let go, as a network may, and those that matter come again from their source.</remarks>
internal sealed class SessionStart(long nowMs)
{
    public const int MaxHeldCount = 256;

    private readonly List<(object Message, IActorRef Sender)> _held = [];

    public long StartedAtMs { get; } = nowMs;

    public IReadOnlyList<(object Message, IActorRef Sender)> Held => _held;

    public void Hold(object message, IActorRef sender)
    {
        if (_held.Count < MaxHeldCount) _held.Add((message, sender));
    }
}
