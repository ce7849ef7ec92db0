using Akka.Actor;
using Akka.Configuration;
using Im.Actors.Serialization;
using Im.Node.Clustering;

namespace Im.Tests.Serialization;

/// <summary>An actor system as the node's, in a cluster of none: it knows addresses of other nodes and speaks to none.</summary>
public sealed class SerializerFixture : IDisposable
{
    private const string Loopback = """
        akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
        """;

    public SerializerFixture()
    {
        System = (ExtendedActorSystem)ActorSystem.Create(ImActorSystem.Name, ConfigurationFactory.ParseString(Loopback).WithFallback(ImActorSystem.Tuning()));
        Cases = ClusterMessageCases.All(path => System.Provider.ResolveActorRef(path));
        Serializer = new ClusterMessageSerializer(System);
    }

    internal ExtendedActorSystem System { get; }

    internal IReadOnlyDictionary<Type, object[]> Cases { get; }

    internal ClusterMessageSerializer Serializer { get; }

    public void Dispose() => System.Terminate().Wait(TimeSpan.FromSeconds(20));
}
