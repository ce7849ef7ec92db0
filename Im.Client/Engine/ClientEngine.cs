using System.Globalization;
using System.Text.Json;
using Im.Protocol;

namespace Im.Client.Engine;

/// <summary>
/// A level 2 client without sockets, threads and clocks: it is told what happened and when, and tells its host what to do. All members are called
/// from one loop. The rules are those of protocol.md §4–§7; the vectors in Im.Tests/Client drive it.
/// </summary>
internal sealed class ClientEngine
{
    private const long LoginTimeoutMs = 15_000;
    private const int MaxLoginCursors = 500;

    private enum Phase
    {
        Idle,
        Connecting,
        LoggingIn,
        Online,
        Waiting,
        Stopped,
    }

    private readonly IEngineHost _host;
    private readonly EngineSettings _settings;
    private readonly AckBook _acks = new();
    private readonly CatchUp _catchUp;
    private readonly ReplicaSet _replicas;
    private readonly Outbox _outbox;
    private readonly Calls _calls;
    private readonly RoomCalls _rooms;
    private readonly PushRouter _pushes;
    private readonly HeartbeatPlan _heartbeats = new();
    private readonly Liveness _liveness = new();
    private readonly Backoff _backoff;
    private readonly Dictionary<string, Action<Reply>> _asked = [];

    private Phase _phase = Phase.Idle;
    private long _now;
    private long _seq;
    private long _try;
    private bool _wasOnline;
    private bool _isReturning; // the next attempt is the first after an online time

    /// <summary>A 42xx was followed at once and no login has succeeded since: the next one backs off, or two nodes could bounce a client for ever.</summary>
    private bool _isHasty;
    private long _wake = long.MaxValue;
    private byte[]? _watch;

    public ClientEngine(IEngineHost host, EngineSettings settings)
    {
        _host = host;
        _settings = settings;
        _backoff = new Backoff(settings.Random);
        _catchUp = new CatchUp(host.Notice);
        var receipts = new ReceiptMarks();
        _replicas = new ReplicaSet(host, _acks, receipts, _catchUp);
        _outbox = new Outbox(settings, host.Store);
        _calls = new Calls(settings);
        _pushes = new PushRouter(host, _replicas, receipts, settings.TellsPushes, OnGoAway);
        _rooms = new RoomCalls(_replicas);
        _replicas.RoomLost = room => _calls.Add(_rooms.Rejoin(room), _now);
        User = settings.User ?? "";
    }

    /// <summary>Who is logged in; told by the server.</summary>
    public string User { get; private set; }

    public bool IsStopped => _phase == Phase.Stopped;

    /// <summary>True while an own durable command to the conversation has no answer.</summary>
    public bool HasUnanswered(string conversation) => _outbox.HasUnanswered(conversation);

    public void Start(ImClientSnapshot kept, Action<OutboxEntry, Reply?> finished, long now)
    {
        _now = now;
        foreach (var (conversation, cursor) in kept.Cursors) _replicas.Restore(conversation, cursor);
        foreach (var command in kept.Queue) _outbox.Add(new OutboxEntry(command, System.Text.Encoding.UTF8.GetBytes(command.Data), finished), isStored: true);
        Connect();
    }

    /// <summary>The socket is open.</summary>
    /// <param name="token">Null for a guest.</param>
    public void OnOpened(string? token, long now)
    {
        _now = now;
        if (_phase != Phase.Connecting) return;
        _phase = Phase.LoggingIn;
        _wake = now + LoginTimeoutMs;
        _try = Math.Max(_try + 1, _settings.WallClock());
        var cursors = _replicas.Cursors(MaxLoginCursors);
        Ask("login", Wire.Object(writer =>
        {
            writer.WriteNumber("v", 2);
            writer.WriteNumber("appId", _settings.App);
            if (token is not null) writer.WriteString("serviceToken", token);
            else writer.WriteString("userId", _settings.User);
            writer.WriteString("device", _settings.Device);
            writer.WriteString("platform", _settings.Platform);
            writer.WriteNumber("try", _try);
            Wire.WriteCursors(writer, cursors);
        }), reply => OnLoggedIn(reply, cursors.ToDictionary(cursor => cursor.Key, cursor => cursor.Value.Epoch)));
    }

    public void OnConnectFailed(string reason, long now)
    {
        _now = now;
        if (_phase == Phase.Connecting) Wait(null, reason);
    }

    /// <param name="code">1006 when no close frame came.</param>
    public void OnClosed(int code, string? reason, long now)
    {
        _now = now;
        if (_phase is Phase.LoggingIn or Phase.Online) Lose(code, reason);
    }

    public void OnMessage(JsonElement message, long now)
    {
        _now = now;
        _liveness.Heard(now);
        if (_phase is not (Phase.LoggingIn or Phase.Online) || message.Text("cmd") is not { } command || message.Member("response") is not { } response) return;
        if (message.Text("seq") is { } seq && _asked.Remove(seq, out var answered)) answered(Reply.Read(response));
        else _pushes.Route(command, message.Text("seq"), response.Member("data") ?? default, now);
        Plan();
    }

    /// <summary>The application took a record.</summary>
    public void OnTaken(string conversation, string epoch, long mseq, long now)
    {
        _now = now;
        _replicas.OnTaken(conversation, epoch, mseq, now);
        if (_acks.IsFull) FlushAcks();
    }

    /// <summary>Queues a durable command and sends it as soon as it may go.</summary>
    /// <returns>False when the queue is full or the client stopped: nothing was queued.</returns>
    public bool TrySend(OutboxEntry entry, long now)
    {
        _now = now;
        if (IsStopped || _outbox.IsFull) return false;
        _outbox.Add(entry, isStored: false);
        Plan();
        return true;
    }

    /// <summary>Sends a command that may be repeated, now or as soon as the connection is up.</summary>
    public void Call(Call call, long now)
    {
        _now = now;
        if (IsStopped) call.Finished(null, new ImStoppedException(null));
        else if (call.IsOnce && _phase != Phase.Online) call.Finished(null, new ImConnectionLostException());
        else _calls.Add(call, now);
        Plan();
    }

    /// <summary>A command that wants no answer and is not worth a queue (typing).</summary>
    public void Tell(string command, byte[] data)
    {
        if (_phase == Phase.Online) _host.Transmit(Wire.Request(null, command, data));
    }

    public void Join(string room, Action<Reply?, Exception?> finished, long now) => Call(_rooms.Join(room, finished), now);

    public void Leave(string room, Action<Reply?, Exception?> finished, long now) => Call(_rooms.Leave(room, finished), now);

    /// <summary>The watch list belongs to the connection: it is told again after each login.</summary>
    public void Watch(byte[] data, Action<Reply?, Exception?> finished, long now)
    {
        _watch = data;
        Call(new Call("watch", data, false, finished), now);
    }

    public void Tick(long now)
    {
        _now = now;
        if (IsStopped) return;
        _calls.Tick(now);
        if (_phase == Phase.Waiting && now >= _wake) Connect();
        else if (_phase == Phase.Connecting && now >= _wake) GiveUpAttempt();
        else if (_phase == Phase.LoggingIn && now >= _wake) Drop("no answer to the login");
        if (_phase != Phase.Online) return;
        if (now >= _liveness.SilenceLimit) Drop("nothing heard");
        else if (IsLeaving && (_asked.Count == 0 || now >= _liveness.GoneBy)) GoAway();
        if (_phase != Phase.Online || IsLeaving) return;
        if (now >= _liveness.HeartbeatAt) Beat();
        if (now >= _acks.Due) FlushAcks();
        _replicas.Tick(now);
        Plan();
    }

    /// <summary>When <see cref="Tick"/> has something to do; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue()
    {
        var due = Math.Min(_calls.NextDue(), _phase is Phase.Waiting or Phase.Connecting or Phase.LoggingIn ? _wake : long.MaxValue);
        if (_phase != Phase.Online) return due;
        due = Math.Min(due, _liveness.SilenceLimit);
        due = Math.Min(due, IsLeaving && _asked.Count > 0 ? _liveness.GoneBy : _liveness.GoAwayAt);
        if (IsLeaving) return due;
        due = Math.Min(due, _liveness.HeartbeatAt);
        due = Math.Min(due, Math.Min(_acks.Due, _replicas.NextDue()));
        return Math.Min(due, Math.Min(_outbox.NextDue(_now), _catchUp.NextDue()));
    }

    public void Stop(int? closeCode, ReplyCode? code, string? reason)
    {
        if (IsStopped) return;
        _phase = Phase.Stopped;
        _host.Disconnect();
        _host.Changed(new ImStateChange(ImClientState.Stopped, closeCode, code, reason));
        _calls.Stop(reason);
        _outbox.Stop();
    }

    /// <summary>Loses the connection on purpose.</summary>
    public void Break()
    {
        if (_phase is Phase.LoggingIn or Phase.Online) Drop("broken on purpose");
    }

    /// <summary>Does not give this connection up for its silence until something is heard on it again, as a client with a long time-out would.</summary>
    public void Hold() => _liveness.Hold(_phase == Phase.Online);

    private void Connect()
    {
        _phase = Phase.Connecting;
        _wake = _now + (_isReturning ? _settings.ConnectTimeoutMs / 2 : _settings.ConnectTimeoutMs);
        _isReturning = false;
        _host.Changed(new ImStateChange(_wasOnline ? ImClientState.Reconnecting : ImClientState.Connecting, null, null, null));
        _host.Connect();
    }

    private void GiveUpAttempt()
    {
        _host.Disconnect();
        Wait(null, "no connection in time");
    }

    private void OnLoggedIn(Reply reply, Dictionary<string, string> asked)
    {
        if (!reply.IsSuccess)
        {
            OnLoginRefused(reply);
            return;
        }
        var data = reply.Data;
        User = data.Text("user") ?? User;
        _phase = Phase.Online;
        (_wasOnline, _isReturning, _isHasty) = (true, true, false);
        _backoff.Reset();
        _liveness.LoggedIn(data.Member("hb") ?? default, _now);
        foreach (var conversation in data.Entries("convs")) _replicas.OnAnswer(conversation, conversation.Text("conv") is { } name ? asked.GetValueOrDefault(name) : null, _now);
        foreach (var replica in _replicas.All.Where(replica => !asked.ContainsKey(replica.Conversation) && replica.Taken > 0 && replica.Load == ReplicaLoad.None && !_catchUp.IsAsked(replica)).ToArray())
        {
            _replicas.OnMoved(replica.Conversation, ImCatchUpCause.NotRecovered);
        }
        if (_watch is not null) _calls.Add(new Call("watch", _watch, false, OnWatched), _now);
        if (data.Flag("more") && data.Entries("convs").LastOrDefault().Text("conv") is { } last) ListMore(last);
        _host.Changed(new ImStateChange(ImClientState.Online, null, null, null));
    }

    private void OnLoginRefused(Reply reply)
    {
        var reason = reply.Refusal().Message;
        if (reply.IsTemporary || (reply.Code == ReplyCode.TokenExpired && _settings.HasTokens))
        {
            _host.Disconnect();
            Disconnected();
            Wait(null, reason);
        }
        else
        {
            Stop(null, reply.Code, reason);
        }
    }

    /// <summary>Own conversations that did not fit into the login's answer.</summary>
    private void ListMore(string after) => _calls.Add(
        new Call("convs", Wire.Object(writer =>
        {
            writer.WriteNumber("limit", 200);
            writer.WriteString("after", after);
        }), false, (reply, _) =>
        {
            if (reply is not { IsSuccess: true }) return;
            foreach (var conversation in reply.Data.Entries("convs")) if (_replicas.Find(conversation.Text("conv") ?? "") is null) _replicas.OnAnswer(conversation, null, _now);
            if (reply.Data.Flag("more") && reply.Data.Entries("convs").LastOrDefault().Text("conv") is { } last) ListMore(last);
        }), _now);

    private void OnWatched(Reply? reply, Exception? failure)
    {
        foreach (var user in reply?.Data.Entries("users") ?? []) _host.Notice(PushRouter.Presence(user));
    }

    private void Lose(int code, string? reason)
    {
        Disconnected();
        switch (CloseCodes.Advice(code))
        {
            case CloseAdvice.Stop:
                Stop(code, null, reason);
                break;
            case CloseAdvice.ReconnectNow when !_isHasty:
                _isHasty = true;
                Connect();
                break;
            default:
                Wait(code, reason);
                break;
        }
    }

    private void Drop(string reason)
    {
        _host.Disconnect();
        Lose((int)CloseCode.Abnormal, reason);
    }

    private bool IsLeaving => _liveness.IsLeaving(_now);

    private void OnGoAway(long afterMs) => _liveness.GoAway(afterMs, _settings.Random(), _now);

    private void GoAway()
    {
        _host.Disconnect();
        Disconnected();
        Connect();
    }

    private void Wait(int? code, string? reason)
    {
        _phase = Phase.Waiting;
        _wake = _now + _backoff.NextMs();
        _host.Changed(new ImStateChange(ImClientState.Offline, code, null, reason));
    }

    private void Disconnected()
    {
        _asked.Clear();
        _catchUp.Clear();
        _replicas.OnDisconnected();
        _outbox.OnDisconnected();
        _calls.OnDisconnected();
        _liveness.Disconnected();
    }

    /// <summary>Sends whatever may be sent now; called after everything that may have changed that.</summary>
    private void Plan()
    {
        if (_phase != Phase.Online || IsLeaving) return;
        _catchUp.Plan(_now, Ask, _replicas, () => _now);
        _calls.Pump(_now, Ask, () => _now);
        _outbox.Pump(_now, Send);
        if (_acks.IsFull) FlushAcks();
    }

    private void Send(OutboxEntry entry) => Ask(entry.Command, entry.Data, reply =>
    {
        if (reply.IsSuccess) OnStored(entry, reply);
        _outbox.OnReply(entry, reply, _now);
    });

    private void OnStored(OutboxEntry entry, Reply reply)
    {
        // A repetition may be answered with the place of an epoch that is over: that one changes nothing here.
        var isOld = reply.Data.Flag("dup") && _replicas.Find(entry.Conversation)?.Epoch is { } epoch && epoch != reply.Data.Text("epoch");
        if (OwnRecords.From(entry, reply.Data, User) is not { } record) _replicas.OnOwnHead(reply.Data.Text("conv") ?? entry.Conversation, reply.Data.Number("mseq") ?? 0, _now);
        else if (!isOld) _replicas.Offer(record, _now);
    }

    private void Ask(string command, byte[] data, Action<Reply> answered)
    {
        var seq = (++_seq).ToString(CultureInfo.InvariantCulture);
        _asked.Add(seq, answered);
        _host.Transmit(Wire.Request(seq, command, data));
    }

    private void Beat()
    {
        _liveness.Beat(_now);
        Ask("heartbeat", _heartbeats.Next([.. _replicas.All]), reply =>
        {
            if (reply.Data.Member("heads") is not { ValueKind: JsonValueKind.Object } heads) return;
            foreach (var head in heads.EnumerateObject()) _replicas.OnMoved(head.Name, ImCatchUpCause.Head);
        });
    }

    private void FlushAcks()
    {
        if (_phase == Phase.Online) _host.Transmit(Wire.Request(null, "ack", _acks.Take()));
    }
}
