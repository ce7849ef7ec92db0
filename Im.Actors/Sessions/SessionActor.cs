using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Sessions.Presence;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>
/// One user anywhere in the cluster: devices, connections, watchers and the kick rule, decided here alone. In memory only;
/// passivates when the last connection and the last watcher have gone.
/// </summary>
internal sealed class SessionActor : UntypedActor
{
    public static Props Create(SessionServices services) => Props.Create(() => new SessionActor(services)).WithDispatcher("im.session-dispatcher");

    /// <summary>Ours instead of PoisonPill, so that what is in the mailbox is handled before a hand-off stops us.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Instance = new();
    }

    private readonly SessionServices _services;
    private SessionState _state = SessionState.Empty;
    private PresenceBoard? _watchers;
    private UserKey _user;

    public SessionActor(SessionServices services) => _services = services;

    protected override void PreStart() => _services.Entities.Session(1);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SessionCommands.Push push: OnPush(push); break;
            case SessionCommands.Attach attach: OnAttach(attach); break;
            case SessionCommands.Detach detach: OnDetach(detach); break;
            case SessionCommands.Kick kick: OnKick(kick); break;
            case SessionCommands.Watch watch: OnWatch(watch); break;
            case SessionCommands.Unwatch unwatch: OnUnwatch(unwatch); break;
            case PresenceBoard.LeavingIsOver: _watchers?.OnLeavingIsOver(_state); break;
            case PresenceBoard.SweepIsDue: OnSweepIsDue(); break;
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
        var plan = _state.Decide(attach, _services.Devices.Of(attach.User.App));
        if (plan.Decision != AttachDecision.Accept)
        {
            Sender.Tell(new SessionEvents.AttachRefused(attach.ConnectionId, plan.Decision == AttachDecision.RefuseNew));
            return;
        }

        foreach (var loser in plan.Losers)
        {
            loser.Actor.Tell(new ConnectionCommands.Close(CloseCode.ReplacedByLogin, "replaced by another login", TellKicked: true, attach.Platform, attach.Device));
        }

        _user = attach.User;
        _state = _state.Apply(attach, plan.Losers);
        Sender.Tell(new SessionEvents.Attached(attach.ConnectionId));
        _watchers?.Attached(_state);
    }

    private void OnDetach(SessionCommands.Detach detach)
    {
        var before = _state;
        _state = _state.Apply(detach);
        if (_state.IsEmpty && !before.IsEmpty) LastSeen(detach.User);
        _watchers?.Detached(_state);
        PassivateWhenEmpty();
    }

    private void OnKick(SessionCommands.Kick kick)
    {
        var targets = _state.Connections.Where(c => kick.Platforms.Count == 0 || (c.Platform is not null && kick.Platforms.Contains(c.Platform))).ToArray();
        foreach (var target in targets) target.Actor.Tell(new ConnectionCommands.Close(CloseCode.KickedByOperator, kick.Reason, TellKicked: true));
        Sender.Tell(new SessionEvents.Kicked(Array.ConvertAll(targets, c => c.ConnectionId)));
        PassivateWhenEmpty();
    }

    private void OnWatch(SessionCommands.Watch watch)
    {
        _user = watch.User;
        _watchers ??= new PresenceBoard(_user, Self, Context.System.Scheduler, _services.Time);
        _watchers.Watch(watch, _state);
    }

    private void OnUnwatch(SessionCommands.Unwatch unwatch)
    {
        _watchers?.Unwatch(unwatch.WatcherId);
        DropEmptyBoard();
        PassivateWhenEmpty();
    }

    private void OnSweepIsDue()
    {
        _watchers?.OnSweepIsDue();
        DropEmptyBoard();
        PassivateWhenEmpty();
    }

    /// <summary>
    /// A connection may have attached after we asked to be stopped. It does so again with our successor, and does it itself,
    /// so that its own detach cannot come before. So do watchers.
    /// </summary>
    private void OnStop()
    {
        foreach (var c in _state.Connections)
        {
            c.Actor.Tell(new SessionEvents.AttachAgain(new SessionCommands.Attach(_user, c.ConnectionId, c.Actor, c.Device, c.Platform, c.Try)));
        }

        _watchers?.Close(moves: true);
        _watchers = null;
        Context.Stop(Self);
    }

    private void LastSeen(UserKey user)
    {
        var now = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_watchers is not null) _watchers.LastSeenMs = now;
        _services.Store.SaveLastSeen(user.App, user.User.Value, now);
    }

    private void DropEmptyBoard()
    {
        if (_watchers is not { IsEmpty: true }) return;
        _watchers.Close(moves: false);
        _watchers = null;
    }

    private void PassivateWhenEmpty()
    {
        if (_state.IsEmpty && _watchers is null) Context.Parent.Tell(new Passivate(Stop.Instance));
    }

    protected override void PostStop()
    {
        _watchers?.Close(moves: false);
        _services.Entities.Session(-1);
    }
}
