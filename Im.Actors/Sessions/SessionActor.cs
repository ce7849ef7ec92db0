using Akka.Actor;
using Akka.Cluster.Sharding;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Messages;
using Im.Actors.Nodes;
using Im.Actors.Sessions.Policies;
using Im.Actors.Sessions.Presence;
using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>
/// One user anywhere in the cluster: devices, connections, watchers and the kick rule, decided here alone. In memory only: it begins
/// with what the nodes hold and decides nothing before they have said it (rules.md §5). Passivates when the last connection and the
/// last watcher have gone.
/// </summary>
internal sealed class SessionActor : UntypedActor
{
    public static Props Create(SessionServices services) => Props.Create(() => new SessionActor(services)).WithDispatcher("im.session-dispatcher");

    /// <summary>Ours instead of PoisonPill, so that what is in the mailbox is handled before a hand-off stops us.</summary>
    public sealed record Stop : INoSerializationVerificationNeeded
    {
        public static readonly Stop Instance = new();
    }

    /// <summary>The roll call answers within two seconds; when it was lost with its actor the session does not wait for ever.</summary>
    private const long LongestStartMs = 4_000;

    private readonly SessionServices _services;
    private SessionState _state = SessionState.Empty;
    private SessionStart? _start;     // while the nodes are asked
    private PresenceBoard? _watchers;
    private UserKey _user;
    private bool _hasBegun;
    private bool _isSure;             // every node has said what it holds, or is gone
    private bool _isHolder;           // registered for the end of other nodes and of leases

    public SessionActor(SessionServices services) => _services = services;

    private NodeView View => _services.View;

    private DevicePolicy Policy => _services.Devices.Of(_user.App);

    protected override void PreStart() => _services.Entities.Session(1);

    protected override void OnReceive(object message)
    {
        if (message is IWithUserKey { User: var user } && !IsReady(user))
        {
            // What a node holds was just asked for; an offer under way is older than that.
            if (message is not SessionCommands.Offer) _start!.Hold(message, Sender);
            return;
        }

        switch (message)
        {
            case RollCall.Done done: OnCalled(done); break;
            case PeerGone gone: OnPeerGone(gone); break;
            case LeaseIsDue: OnLeaseIsDue(); break;
            case PresenceBoard.LeavingIsOver: OnLeavingIsOver(); break;
            case PresenceBoard.RepeatIsDue: _watchers?.OnRepeatIsDue(); break;
            case PresenceBoard.SweepIsDue: OnSweepIsDue(); break;
            case Stop: OnStop(); break;
            default: Handle(message, Sender); break;
        }
    }

    /// <summary>What others ask of it; what was held while it started comes here with its own sender.</summary>
    private void Handle(object message, IActorRef sender)
    {
        switch (message)
        {
            case SessionCommands.Push push: OnPush(push); break;
            case SessionCommands.Attach attach: OnAttach(attach, sender); break;
            case SessionCommands.Detach detach: OnDetach(detach); break;
            case SessionCommands.Offer offer: OnOffer(offer.Attach); break;
            case SessionCommands.Kick kick: OnKick(kick, sender); break;
            case SessionCommands.Watch watch: OnWatch(watch); break;
            case SessionCommands.Unwatch unwatch: OnUnwatch(unwatch); break;
            default: Unhandled(message); break;
        }
    }

    /// <summary>The first message begins the session; of a node that is alone it goes on at once.</summary>
    private bool IsReady(UserKey user)
    {
        if (!_hasBegun) Begin(user);
        if (_start is not null && View.Remote.NowMs - _start.StartedAtMs > LongestStartMs) OnCalled(new RollCall.Done([], false));
        return _start is null;
    }

    private void Begin(UserKey user)
    {
        _hasBegun = true;
        _user = user;
        foreach (var slot in View.Users.Find(user))
        {
            if (HeldConnections.Of(slot) is { } attach) _state = _state.Apply(attach, []);
        }

        _isSure = View.Peers.IsAlone;
        if (_isSure) return;
        _start = new SessionStart(View.Remote.NowMs);
        View.RollCall.Tell(new RollCall.Call(user, Self));
    }

    private void OnCalled(RollCall.Done done)
    {
        foreach (var attach in done.Found) OnOffer(attach);
        Drop(connection => connection.IsRemote && !View.Peers.Others.Contains(connection.Actor.Path.Address));   // gone since it answered
        _isSure = done.IsComplete;
        var held = _start?.Held ?? [];
        _start = null;
        foreach (var (message, sender) in held) Handle(message, sender);
        if (_isSure) _watchers?.Known(_state);
        PassivateWhenEmpty();
    }

    private void OnPush(SessionCommands.Push push)
    {
        var targets = TargetsOf(push);
        if (push.Record is { } place) push.Owner?.Tell(new ConversationCommands.Routed(new ConversationKey(push.User.App, place.Conversation), push.User.User, place.Mseq));
        if (!push.ReplyTo.IsNobody())
        {
            var devices = new PushEvents.RoutedDevice[targets.Count];
            for (var i = 0; i < devices.Length; i++) devices[i] = new PushEvents.RoutedDevice(targets[i].ConnectionId, targets[i].DeviceName, targets[i].Platform ?? "");
            push.ReplyTo.Tell(new PushEvents.Routed(push.MessageId, false, devices) { IsPartial = !_isSure });
        }

        for (var i = 0; i < targets.Count; i++) targets[i].Actor.Tell(new ConnectionCommands.Deliver(push.MessageId, push.Frames, push.ReplyTo) { Record = push.Record });
        PassivateWhenEmpty();
    }

    /// <summary>Mostly all there are: then nothing is copied.</summary>
    private IReadOnlyList<SessionConnection> TargetsOf(SessionCommands.Push push)
    {
        var all = _state.Connections;
        var excluded = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if (!IsTarget(all[i], push)) excluded++;
        }

        return excluded == 0 ? all : excluded == all.Count ? [] : [.. all.Where(connection => IsTarget(connection, push))];
    }

    private static bool IsTarget(SessionConnection connection, SessionCommands.Push push) =>
        connection.ConnectionId != push.SenderConnection && (push.Platforms.Count == 0 || (connection.Platform is not null && push.Platforms.Contains(connection.Platform)));

    private void OnAttach(SessionCommands.Attach attach, IActorRef sender)
    {
        var plan = attach.SinceMs > 0 ? _state.DecideOffer(attach, Policy) : _state.Decide(attach, Policy);
        if (plan.Decision != AttachDecision.Accept)
        {
            sender.Tell(new SessionEvents.AttachRefused(attach.ConnectionId, plan.Decision == AttachDecision.RefuseNew));
            return;
        }

        TakeIn(attach.SinceMs > 0 ? attach : attach with { SinceMs = _services.Time.GetUtcNow().ToUnixTimeMilliseconds() }, plan);
        sender.Tell(new SessionEvents.Attached(attach.ConnectionId));
    }

    private void OnDetach(SessionCommands.Detach detach) => Drop(connection => connection.ConnectionId == detach.ConnectionId);

    /// <summary>A node says that it holds the connection: its lease begins anew. One that is not known here competes for its place.</summary>
    private void OnOffer(SessionCommands.Attach attach)
    {
        if (_state.Find(attach.ConnectionId) is { } known)
        {
            if (known.IsRemote) _state = _state.Apply(attach with { SinceMs = known.SinceMs }, [], View.Remote.NowMs);
            return;
        }

        // Of this node we know better: it may have gone while its offer was under way.
        if (!attach.Connection.Path.Address.HasGlobalScope && !View.Users.Find(_user).Any(slot => slot.ConnectionId == attach.ConnectionId)) return;
        var plan = _state.DecideOffer(attach, Policy);
        if (plan.Decision == AttachDecision.Accept)
        {
            TakeIn(attach, plan);
            return;
        }

        var code = plan.Decision == AttachDecision.RefuseNew ? CloseCode.TooManySessions : CloseCode.ReplacedByLogin;
        attach.Connection.Tell(new ConnectionCommands.Close(code, "another login has its place", TellKicked: code == CloseCode.ReplacedByLogin));
    }

    private void OnKick(SessionCommands.Kick kick, IActorRef sender)
    {
        var targets = _state.Connections.Where(c => kick.Platforms.Count == 0 || (c.Platform is not null && kick.Platforms.Contains(c.Platform))).ToArray();
        foreach (var target in targets) target.Actor.Tell(new ConnectionCommands.Close(CloseCode.KickedByOperator, kick.Reason, TellKicked: true));
        sender.Tell(new SessionEvents.Kicked(Array.ConvertAll(targets, c => c.ConnectionId)) { Tag = kick.Tag, IsPartial = !_isSure });
        PassivateWhenEmpty();
    }

    private void OnWatch(SessionCommands.Watch watch)
    {
        _watchers ??= new PresenceBoard(_user, Self, Context.System.Scheduler, _services.Time, View.Peers);
        _watchers.Watch(watch, _state, _isSure);
        Register();
    }

    private void OnUnwatch(SessionCommands.Unwatch unwatch)
    {
        _watchers?.Unwatch(unwatch.WatcherId);
        DropEmptyBoard();
        PassivateWhenEmpty();
    }

    /// <summary>Who is away is said only by who knows: a node that is silent may hold the user.</summary>
    private void OnLeavingIsOver()
    {
        if (_isSure || !_state.IsEmpty) _watchers?.OnLeavingIsOver(_state);
    }

    private void OnSweepIsDue()
    {
        _watchers?.OnSweepIsDue();
        DropEmptyBoard();
        PassivateWhenEmpty();
    }

    private void OnPeerGone(PeerGone gone)
    {
        _watchers?.Gone(gone.Node);
        DropEmptyBoard();
        Drop(connection => connection.Actor.Path.Address.Equals(gone.Node));
    }

    private void OnLeaseIsDue()
    {
        var oldest = View.Remote.NowMs - (long)View.Lease.TotalMilliseconds;
        Drop(connection => connection.IsRemote && connection.RenewedAtMs <= oldest);
        Register();
    }

    /// <summary>
    /// A connection may have attached after we asked to be stopped. It does so again with our successor, and does it itself,
    /// so that its own detach cannot come before. So do watchers.
    /// </summary>
    private void OnStop()
    {
        foreach (var c in _state.Connections)
        {
            c.Actor.Tell(new SessionEvents.AttachAgain(new SessionCommands.Attach(_user, c.ConnectionId, c.Actor, c.Device, c.Platform, c.Try) { SinceMs = c.SinceMs }));
        }

        _watchers?.Close(moves: true);
        _watchers = null;
        Context.Stop(Self);
    }

    private void TakeIn(SessionCommands.Attach attach, AttachPlan plan)
    {
        foreach (var loser in plan.Losers)
        {
            loser.Actor.Tell(new ConnectionCommands.Close(CloseCode.ReplacedByLogin, "replaced by another login", TellKicked: true, attach.Platform, attach.Device));
        }

        _state = _state.Apply(attach, plan.Losers, View.Remote.NowMs);
        _watchers?.Attached(_state);
        Register();
    }

    private void Drop(Predicate<SessionConnection> isGone)
    {
        var before = _state;
        _state = _state.Without(isGone);
        if (_state.Connections.Count == before.Connections.Count)
        {
            PassivateWhenEmpty();
            return;
        }

        if (_state.IsEmpty) LastSeen(_user);
        _watchers?.Detached(_state);
        PassivateWhenEmpty();
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

    /// <summary>Asks to be told of the end of other nodes, when something here is theirs, and of the first lease that may run out.</summary>
    private void Register()
    {
        if (!_isHolder && _watchers is null && !_state.HasRemote) return;
        var remote = _state.Connections.Where(connection => connection.IsRemote).ToArray();
        var isHolder = remote.Length > 0 || _watchers?.HasRemote == true;
        if (isHolder) View.Remote.Hold(Self, remote.Length > 0 ? remote.Min(connection => connection.RenewedAtMs) + (long)View.Lease.TotalMilliseconds : long.MaxValue);
        else if (_isHolder) View.Remote.Release(Self);
        _isHolder = isHolder;
    }

    private void PassivateWhenEmpty()
    {
        if (_state.IsEmpty && _watchers is null && _start is null) Context.Parent.Tell(new Passivate(Stop.Instance));
    }

    protected override void PostStop()
    {
        View.Remote.Release(Self);
        _watchers?.Close(moves: false);
        _services.Entities.Session(-1);
    }
}
