using Akka.Actor;
using Im.Actors.Messages;

namespace Im.Actors.Connections;

/// <summary>
/// Parent of a share of the node's ConnectionActors; there are many, so that a storm of connections spawns in parallel. A
/// connection that fails is stopped, never restarted: its socket is closed and the client comes back with a clean state.
/// </summary>
internal sealed class ConnectionSupervisor : UntypedActor
{
    public static Props Create(Props connection) => Props.Create(() => new ConnectionSupervisor(connection));

    public sealed record Spawn(ConnectionSlot Slot) : ILocalMessage;

    private readonly Props _connection;

    public ConnectionSupervisor(Props connection) => _connection = connection;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Spawn spawn: OnSpawn(spawn); break;
            default: Unhandled(message); break;
        }
    }

    private void OnSpawn(Spawn spawn)
    {
        var actor = Context.ActorOf(_connection);
        actor.Tell(new ConnectionActor.Opened(spawn.Slot));
        spawn.Slot.Bind(actor);
    }
}
