using System.Runtime.Serialization;
using Akka.Actor;
using Im.Actors.Links;

namespace Im.Actors.Serialization;

/// <summary>Actors as they travel: the path with the address of their node; empty for nobody.</summary>
internal sealed class References(ExtendedActorSystem system)
{
    private const int MaxLength = 1024;

    private readonly LinkTable _links = LinkTable.Of(system);

    public static string Write(IActorRef reference) => reference.IsNobody() ? "" : Akka.Serialization.Serialization.SerializedActorPath(reference);

    /// <summary>What is no path is nobody's, and what is told to it is counted as a dead letter.</summary>
    public IActorRef Read(string path)
    {
        if (path.Length == 0) return ActorRefs.Nobody;
        if (path.Length > MaxLength) throw new SerializationException("A reference is no path of an actor.");
        try
        {
            var reference = (IInternalActorRef)system.Provider.ResolveActorRef(path);
            return reference.IsLocal ? reference : new LinkedRef(reference, path, _links);
        }
        catch (FormatException malformed)
        {
            throw new SerializationException("A reference is no path of an actor.", malformed);
        }
    }
}
