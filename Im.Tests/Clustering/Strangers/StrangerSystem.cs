using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using Im.Node.Clustering;

namespace Im.Tests.Clustering.Strangers;

/// <summary>
/// A cluster node of a stranger's own making: our protocol and settings, his certificate, and none of the checks of the real
/// node. It trusts everybody.
/// </summary>
internal sealed class StrangerSystem : IAsyncDisposable
{
    private readonly ActorSystem _system;

    private StrangerSystem(ActorSystem system) => _system = system;

    private Cluster Cluster => Cluster.Get(_system);

    /// <summary>True once a member has let it in.</summary>
    public bool IsIn => Cluster.SelfMember.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining && Cluster.State.Members.Count > 1;

    /// <summary>Starts it, and begins to join.</summary>
    /// <param name="certificate">With its key.</param>
    /// <param name="ports">Of the cluster that it wants to join, on loopback.</param>
    public static StrangerSystem Join(X509Certificate2 certificate, IEnumerable<int> ports)
    {
        const string Hocon = """
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, enable-ssl = on }
              coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
            }
            """;
        var tls = new DotNettySslSetup(certificate, suppressValidation: true, requireMutualAuthentication: true, validateCertificateHostname: false);
        var config = ConfigurationFactory.ParseString(Hocon).WithFallback(ImActorSystem.Tuning());
        var system = ActorSystem.Create(ImActorSystem.Name, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), tls));
        var cluster = Cluster.Get(system);
        cluster.JoinSeedNodes(ports.Select(port => new Address(cluster.SelfAddress.Protocol, ImActorSystem.Name, "127.0.0.1", port)));
        return new StrangerSystem(system);
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();
}
