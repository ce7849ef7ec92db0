using System.Collections.Immutable;
using Akka.Actor;

namespace Im.Actors.Links;

/// <summary>The open links of this node by the peer's address. Read on any thread; an actor system has one, empty while it is alone.</summary>
internal sealed class LinkTable : IExtension
{
    private ImmutableDictionary<Address, NodeLink> _links = ImmutableDictionary<Address, NodeLink>.Empty;

    public bool IsEmpty => Volatile.Read(ref _links).IsEmpty;

    /// <summary>Messages that wait in all links together.</summary>
    public long Waiting => Volatile.Read(ref _links).Values.Sum(link => (long)link.Waiting);

    public static LinkTable Of(ActorSystem system) => system.WithExtension<LinkTable, Provider>();

    /// <returns>Null: no link is open to this node.</returns>
    public NodeLink? Find(Address address) => Volatile.Read(ref _links).GetValueOrDefault(address);

    public void Open(Address address, NodeLink link) => ImmutableInterlocked.AddOrUpdate(ref _links, address, link, (_, _) => link);

    /// <summary>Takes out this link, unless a later one is in its place already.</summary>
    public void Close(Address address, NodeLink link)
    {
        if (Find(address) == link) ImmutableInterlocked.TryRemove(ref _links, address, out _);
    }

    private sealed class Provider : ExtensionIdProvider<LinkTable>
    {
        public override LinkTable CreateExtension(ExtendedActorSystem system) => new();
    }
}
