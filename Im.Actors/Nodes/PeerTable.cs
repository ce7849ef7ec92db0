using Akka.Actor;

namespace Im.Actors.Nodes;

/// <summary>The other nodes that may hold users: Up, or on their way out with users still connected. Written by the PeerWatchActor, read on any thread.</summary>
internal sealed class PeerTable
{
    private volatile Address[]? _others;

    /// <summary>False until this node has seen itself Up: before that nobody can say who else there is.</summary>
    public bool IsKnown => _others is not null;

    /// <summary>Surely the only node.</summary>
    public bool IsAlone => _others is { Length: 0 };

    public IReadOnlyList<Address> Others => _others ?? [];

    public void Set(IEnumerable<Address> others) => _others = [.. others];
}
