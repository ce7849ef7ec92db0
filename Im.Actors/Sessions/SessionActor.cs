using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>
/// One user anywhere in the cluster: devices, connections and the kick rule, decided here alone. In memory only;
/// passivates when the last connection has gone.
/// </summary>
internal sealed class SessionActor : UntypedActor
{
    public static readonly Props Shared = Props.Create(() => new SessionActor()).WithDispatcher("im.session-dispatcher");

    /// <summary>Ours instead of PoisonPill, so that what is in the mailbox is handled before a hand-off stops us.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Instance = new();
    }

    private SessionState _state = SessionState.Empty;
    private UserKey _user;

    protected override void PreStart() => EntityCounters.Session(1);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionCommands.Push push: OnPush(push); break;
            case SessionCommands.Attach attach: OnAttach(attach); break;
            case SessionCommands.Detach detach: OnDetach(detach); break;
            case SessionCommands.Kick kick: OnKick(kick); break;
            case Stop: OnStop(); break;
            default: Unhandled(message); break;
        }
    }

    private void OnPush(SessionCommands.Push push)
    {
        var targets = _state.Connections.Where(c => c.ConnectionId != push.SenderConnection && (push.Platforms.Count == 0 || (c.Platform is not null && push.Platforms.Contains(c.Platform)))).ToArray();
        if (push.Record is { } place) push.Owner?.Tell(new ConversationCommands.Routed(new ConversationKey(push.User.App, place.Conversation), push.User.User, place.Mseq));
        push.ReplyTo.Tell(new PushEvents.Routed(push.MessageId, false, Array.ConvertAll(targets, c => new PushEvents.RoutedDevice(c.ConnectionId, c.DeviceName, c.Platform ?? ""))));
        foreach (var target in targets) target.Actor.Tell(new ConnectionCommands.Deliver(push.MessageId, push.Frames, push.ReplyTo) { Record = push.Record });
        PassivateWhenEmpty();
    }

    private void OnAttach(SessionCommands.Attach attach)
    {
        var (decision, older) = _state.Decide(attach);
        if (decision == AttachDecision.RefuseStale)
        {
            Sender.Tell(new SessionEvents.AttachRefused(attach.ConnectionId));
            return;
        }

        if (decision == AttachDecision.Replace)
        {
            older!.Actor.Tell(new ConnectionCommands.Close(CloseCode.ReplacedByLogin, "replaced by another login", TellKicked: true));
        }

        _user = attach.User;
        _state = _state.Apply(attach);
        Sender.Tell(new SessionEvents.Attached(attach.ConnectionId));
    }

    private void OnDetach(SessionCommands.Detach detach)
    {
        _state = _state.Apply(detach);
        PassivateWhenEmpty();
    }

    private void OnKick(SessionCommands.Kick kick)
    {
        var targets = _state.Connections.Where(c => kick.Platforms.Count == 0 || (c.Platform is not null && kick.Platforms.Contains(c.Platform))).ToArray();
        foreach (var target in targets) target.Actor.Tell(new ConnectionCommands.Close(CloseCode.KickedByOperator, kick.Reason, TellKicked: true));
        Sender.Tell(new SessionEvents.Kicked(Array.ConvertAll(targets, c => c.ConnectionId)));
        PassivateWhenEmpty();
    }

    /// <summary>
    /// A connection may have attached after we asked to be stopped. It does so again with our successor, and does it itself,
    /// so that its own detach cannot come before.
    /// </summary>
    private void OnStop()
    {
        foreach (var c in _state.Connections)
        {
            c.Actor.Tell(new SessionEvents.AttachAgain(new SessionCommands.Attach(_user, c.ConnectionId, c.Actor, c.Device, c.Platform, c.Try)));
        }

        Context.Stop(Self);
    }

    private void PassivateWhenEmpty()
    {
        if (_state.IsEmpty) Context.Parent.Tell(new Passivate(Stop.Instance));
    }

    protected override void PostStop() => EntityCounters.Session(-1);
}
