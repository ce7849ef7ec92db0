using System.Collections.Immutable;
using Akka.Actor;

namespace Im.Actors.Downing;

/// <summary>Members whose process may be gone, by this node's <see cref="RefusalActor"/>. Read on any thread; an actor system has one.</summary>
internal sealed class Suspects : IExtension
{
    private ImmutableHashSet<Address> _addresses = [];

    public bool IsEmpty => Volatile.Read(ref _addresses).IsEmpty;

    public static Suspects Of(ActorSystem system) => system.WithExtension<Suspects, Provider>();

    public bool Contains(Address address) => Volatile.Read(ref _addresses).Contains(address);

    public void Set(IEnumerable<Address> addresses) => Volatile.Write(ref _addresses, [.. addresses]);

    private sealed class Provider : ExtensionIdProvider<Suspects>
    {
        public override Suspects CreateExtension(ExtendedActorSystem system) => new();
    }
}
