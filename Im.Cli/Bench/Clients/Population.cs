using System.Collections.Concurrent;
using System.Diagnostics;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients;

/// <summary>The connections of one reactor and the wave that moves them on. All members but the counters run on the reactor's thread.</summary>
internal sealed class Population(IWire wire, ConcurrentDictionary<string, int> errors, int number) : IReactorHandler
{
    /// <summary>A wave that makes no progress for so long is given up; what is open in it has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The same while some wait before they try again.</summary>
    private static readonly TimeSpan RetryPatience = TimeSpan.FromSeconds(60);

    private readonly RetryQueue _retries = new();
    private readonly byte[] _text = new byte[128 * 1024];
    private ClientConnection[] _connections = [];
    private Reactor _reactor = null!;
    private Wave? _wave;
    private int _keepAliveNext;
    private long _keepAliveAt;

    private int _open;

    /// <summary>Connections with an open WebSocket; readable from any thread.</summary>
    public int OpenCount => Volatile.Read(ref _open);

    public IPushSink? Sink { get; set; }

    /// <summary>Slot of a connection whose receive buffer is kept small, or −1.</summary>
    public int SmallBufferSlot { get; set; } = -1;

    public void Attach(Reactor reactor, ClientConnection[] connections)
    {
        _connections = connections;
        _reactor = reactor;
        _keepAliveAt = Stopwatch.GetTimestamp();
    }

    public void Begin(Wave wave)
    {
        _wave = wave;
        _retries.Clear();
        Pump(Stopwatch.GetTimestamp());
        wave.CompleteIfOver();
    }

    public void SendBroadcast(ClientConnection sender, int number, long sentAt, int sizeBytes) =>
        _reactor.Send(sender, _text.AsSpan(0, wire.Broadcast(_text, number, sentAt, sizeBytes)));

    public void OnOpen(ClientConnection connection)
    {
        _open++;
        connection.Stage = (byte)Step.Connect;
        if (connection.Pending == (byte)Step.Return)
        {
            _reactor.Send(connection, _text.AsSpan(0, wire.Login(_text, connection.Index)));
            return;
        }
        Finish(connection, Step.Connect, null, Stopwatch.GetTimestamp());
    }

    public void OnMessage(ClientConnection connection, ReadOnlySpan<byte> message, long now)
    {
        do
        {
            var used = Math.Min(wire.Read(message, out var read), message.Length);
            var record = message[..used];
            message = message[used..];
            if (read.Kind == WireKind.Reply) OnReply(connection, read, record, now);
            else if (read.Kind != WireKind.Other) Sink?.OnPush(connection, read, now);
        }
        while (!message.IsEmpty);
    }

    public void OnClosed(ClientConnection connection, string cause)
    {
        var now = Stopwatch.GetTimestamp();
        if (connection.Stage != 0) _open--;
        var wasUp = connection.Stage != 0 && cause.Length > 0 && !connection.IsDoomed;
        connection.Stage = 0;
        if (connection.Pending == (byte)Step.Return && _wave is { } wave)
        {
            wave.Repeat(now);
            _retries.Add(connection, now);
            return;
        }
        if (connection.Pending != 0) Finish(connection, (Step)connection.Pending, cause.Length > 0 ? cause : "dropped", now);
        else if (wasUp) Count($"lost while idle: {cause}");
        if (wasUp) Sink?.OnLost(connection, cause, now);
    }

    public void OnBatch(long now)
    {
        Pump(now);
        Sink?.OnTurn(number, now);
    }

    public void OnTick(long now)
    {
        while (_retries.TryTake(now, out var connection)) _reactor.Connect(connection);
        if (_wave is { Outstanding: > 0 } wave && Stopwatch.GetElapsedTime(wave.ProgressAt, now) > (_retries.IsEmpty ? Patience : RetryPatience)) GiveUp(wave, now);
        KeepAlive(now);
    }

    private void OnReply(ClientConnection connection, in WireMessage reply, ReadOnlySpan<byte> message, long now)
    {
        var step = reply.Step == Step.Login && connection.Pending == (byte)Step.Return ? Step.Return : reply.Step;
        if (connection.Pending != (byte)step) return;
        if (step == Step.Return && reply.Code != 200)
        {
            _reactor.Drop(connection, reset: false);
            return;
        }
        if (reply.Code == 200 && reply.Step != Step.Verify) connection.Stage = (byte)reply.Step;
        if (reply.Code == 200) Sink?.OnReply(connection, reply, message);
        Finish(connection, step, reply.Code == 200 ? null : $"{reply.Step.ToString().ToLowerInvariant()}: code {reply.Code}", now);
    }

    private void Pump(long now)
    {
        while (_wave is { } wave && wave.TryTake(now, out var slot, out var due)) Start(wave, _connections[slot], due);
    }

    private void Start(Wave wave, ClientConnection connection, long due)
    {
        // A client that comes back is cut first, unless it was.
        if (wave.Step == Step.Return && connection.State != SocketState.Closed) _reactor.Drop(connection, reset: true);
        connection.IsDoomed = false;
        connection.Pending = (byte)wave.Step;
        connection.PendingSince = wave.Step == Step.Return ? due : Stopwatch.GetTimestamp();
        if (wave.Step is Step.Connect or Step.Return)
        {
            _reactor.Connect(connection, connection.Slot == SmallBufferSlot ? 4096 : 0);
            return;
        }
        if (connection.State != SocketState.Open)
        {
            Finish(connection, wave.Step, "not connected", connection.PendingSince);
            return;
        }
        var length = wave.Step switch
        {
            Step.Login => wire.Login(_text, connection.Index),
            Step.Join => wire.Join(_text, connection.Index),
            _ => wire.Verify(_text),
        };
        _reactor.Send(connection, _text.AsSpan(0, length));
    }

    private void Finish(ClientConnection connection, Step step, string? error, long now)
    {
        if (connection.Pending != (byte)step) return;
        connection.Pending = 0;
        if (error is not null) Count(error);
        if (_wave is not { } wave || wave.Step != step) return;
        wave.Finish(error is null, connection.PendingSince, now);
        if (wave.IsOver) _wave = null;
    }

    private void GiveUp(Wave wave, long now)
    {
        _retries.Clear();
        foreach (var connection in _connections)
        {
            if (connection.Pending == (byte)wave.Step) Finish(connection, wave.Step, $"{wave.Step.ToString().ToLowerInvariant()}: no answer", now);
        }
    }

    /// <summary>Goes round all open connections once in the interval, a few at each tick.</summary>
    private void KeepAlive(long now)
    {
        var due = (int)(_connections.Length * (Stopwatch.GetElapsedTime(_keepAliveAt, now) / wire.KeepAliveInterval));
        if (due == 0) return;
        _keepAliveAt = now;
        for (var i = 0; i < Math.Min(due, _connections.Length); i++)
        {
            _keepAliveNext = (_keepAliveNext + 1) % _connections.Length;
            var connection = _connections[_keepAliveNext];
            if (connection.Stage >= (byte)Step.Login) _reactor.Send(connection, _text.AsSpan(0, wire.KeepAlive(_text)));
        }
    }

    private void Count(string error) => errors.AddOrUpdate(error, 1, static (_, count) => count + 1);
}
