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

    public IActorRef Read(string path)
    {
        if (path.Length == 0) return ActorRefs.Nobody;
        if (path.Length > MaxLength || !IsPath(path)) throw new SerializationException("A reference is no path of an actor.");
        var reference = (IInternalActorRef)system.Provider.ResolveActorRef(path);
        return reference.IsLocal ? reference : new LinkedRef(reference, path, _links);
    }

    /// <summary>Akka throws for a number that is none.</summary>
    private static bool IsPath(string path)
    {
        try
        {
            return ActorPath.TryParse(path, out _);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
