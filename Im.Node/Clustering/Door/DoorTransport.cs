using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;

namespace Im.Node.Clustering.Door;

/// <summary>
/// Akka's TCP transport with a <see cref="ClusterDoor"/> in front of what comes in. Scheme, addresses and all that goes out are the
/// transport's own. Made by Akka from its configuration.
/// </summary>
[SuppressMessage("Performance", "CA1812", Justification = "Made by its name.")]
internal sealed class DoorTransport : Transport
{
    private const string Inner = "Akka.Remote.Transport.DotNetty.TcpTransport, Akka.Remote";

    /// <summary>Sets it in the place of Akka's.</summary>
    public static readonly string Hocon = $"akka.remote.dot-netty.tcp.transport-class = \"{typeof(DoorTransport).FullName}, {typeof(DoorTransport).Assembly.GetName().Name}\"";

    private readonly Transport _inner;
    private readonly ClusterDoor _door;

    public DoorTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        _door = system.Settings.Setup.Get<DoorSetup>().Value.Door;
        _inner = (Transport)Activator.CreateInstance(Type.GetType(Inner, throwOnError: true)!, system, config)!;
        SchemeIdentifier = _inner.SchemeIdentifier;
        MaximumPayloadBytes = _inner.MaximumPayloadBytes;
    }

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var (address, inner) = await _inner.Listen().ConfigureAwait(false);
        var outer = new TaskCompletionSource<IAssociationEventListener>();
        _ = outer.Task.ContinueWith(
            listener => inner.TrySetResult(new Listener(_door, listener.Result, Logging.GetLogger(System, typeof(DoorTransport)))),
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return (address, outer);
    }

    public override bool IsResponsibleFor(Address remote) => _inner.IsResponsibleFor(remote);

    public override Task<AssociationHandle> Associate(Address remoteAddress) => _inner.Associate(remoteAddress);

    public override Task<bool> Shutdown() => _inner.Shutdown();

    public override Task<bool> ManagementCommand(object message) => _inner.ManagementCommand(message);

    private sealed class Listener(ClusterDoor door, IAssociationEventListener inner, ILoggingAdapter log) : IAssociationEventListener
    {
        public void Notify(IAssociationEvent ev) => inner.Notify(ev is InboundAssociation inbound ? new InboundAssociation(new InboundHandle(inbound.Association, door, log)) : ev);
    }
}
