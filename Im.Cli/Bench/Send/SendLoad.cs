using System.Diagnostics;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Send;

/// <summary>Sends messages and takes their answers, at most a number of them unanswered on every connection.</summary>
internal sealed class SendLoad : IPushSink
{
    /// <summary>Numbers of one sender that can be under way, oldest to newest; far above what is unanswered, since conversations answer in their own pace.</summary>
    private const int RingSize = 4096;

    private readonly int _unanswered;
    private readonly int _sizeBytes;
    private readonly Sender[] _senders;
    private readonly int[] _codes = new int[2000];
    private Crowd _crowd = null!;
    private long _sent;
    private long _answered;
    private volatile LoadPass? _pass;        // what is sent now
    private volatile LoadPass? _measured;    // whose answers count now

    public SendLoad(int senders, int unanswered, int sizeBytes)
    {
        _unanswered = unanswered;
        _sizeBytes = sizeBytes;
        _senders = [.. Enumerable.Range(0, senders).Select(_ => new Sender())];
    }

    public long Unanswered => Interlocked.Read(ref _sent) - Interlocked.Read(ref _answered);

    /// <summary>Connections that ended.</summary>
    public int Lost { get; private set; }

    /// <summary>Answers that were no 200, by code.</summary>
    public IReadOnlyDictionary<string, int> Refused => _codes.Index().Where(entry => entry.Item > 0)
        .ToDictionary(entry => $"{entry.Index} {((Im.Protocol.ReplyCode)entry.Index).ToString()}", entry => entry.Item);

    public void Use(Crowd crowd) => _crowd = crowd;

    /// <summary>Begins to send; nothing of a pass before may be unanswered.</summary>
    public void Begin(LoadPass pass)
    {
        foreach (var sender in _senders) sender.Turn = 0;
        if (pass.IsPaced) _measured = pass;
        _pass = pass;
    }

    /// <summary>Counts the answers from now on.</summary>
    public void Measure(LoadPass pass) => _measured = pass;

    /// <summary>Sends no more and, unless the pass counts all of its messages, counts no more.</summary>
    public void End()
    {
        if (_pass is { IsPaced: false }) _measured = null;
        _pass = null;
    }

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind != WireKind.Sent || push.Number < 0) return;
        Interlocked.Increment(ref _answered);
        var sender = _senders[connection.Index];
        sender.Unanswered--;
        if (push.Code != 200) _codes[Math.Clamp(push.Code, 0, _codes.Length - 1)]++;
        else _measured?.Record(_crowd.ReactorOf(connection.Index), now - sender.Since[push.Number / _senders.Length % RingSize]);
        SendDue(connection.Index, now);
    }

    public void OnTurn(int reactor, long now)
    {
        if (_pass is null) return;
        for (var index = reactor; index < _senders.Length; index += _crowd.Reactors.Count) SendDue(index, now);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;

    private void SendDue(int index, long now)
    {
        var sender = _senders[index];
        while (_pass is { } pass && sender.Unanswered < _unanswered)
        {
            var due = pass.IsPaced ? pass.DueAt(index, sender.Turn) : Stopwatch.GetTimestamp();
            if (pass.IsPaced && due > now) return;
            sender.Turn++;
            sender.Unanswered++;
            sender.Since[sender.Next % RingSize] = due;
            Interlocked.Increment(ref _sent);
            _crowd.SendBroadcast(_crowd[index], sender.Next++ * _senders.Length + index, _sizeBytes);
        }
    }

    /// <summary>One connection's place; belongs to its reactor's thread.</summary>
    private sealed class Sender
    {
        /// <summary>Of each message under way: when it was sent, or due.</summary>
        public long[] Since { get; } = new long[RingSize];

        /// <summary>Number of its next message in the run, and in the pass.</summary>
        public int Next { get; set; }

        public int Turn { get; set; }

        public int Unanswered { get; set; }
    }
}
