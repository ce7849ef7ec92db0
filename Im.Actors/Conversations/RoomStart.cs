using Akka.Actor;

namespace Im.Actors.Conversations;

/// <summary>A room's owner that has just started and waits for every node to say who of it is there: enters and exits are held meanwhile.</summary>
/// <remarks>At most <see cref="MaxHeldCount"/> are held; the relays repeat what was let go.</remarks>
internal sealed class RoomStart(IEnumerable<Address> others, long nowMs)
{
    public const int MaxHeldCount = 1_024;

    /// <summary>After it the owner goes on with what it knows; who answers later is counted in then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HashSet<Address> _awaited = [.. others];
    private readonly List<object> _held = [];
    private readonly HashSet<IActorRef> _lost = [];
    private bool _ownAwaited = true;

    public IReadOnlyList<object> Held => _held;

    /// <summary>Relays whose loss is put in order once it is known who is still there: what is told of it carries the count.</summary>
    public IReadOnlyCollection<IActorRef> Lost => _lost;

    public bool IsOver => !_ownAwaited && _awaited.Count == 0;

    public bool IsLate(long nowAtMs) => nowAtMs - nowMs >= Patience.TotalMilliseconds;

    public void Answered(IActorRef relay)
    {
        if (relay.Path.Address.HasGlobalScope) _awaited.Remove(relay.Path.Address);
        else _ownAwaited = false;
    }

    public void Lose(IActorRef relay) => _lost.Add(relay);

    public void Gone(Address node) => _awaited.Remove(node);

    public void Hold(object op)
    {
        if (_held.Count < MaxHeldCount) _held.Add(op);
    }
}
