using System.Diagnostics;
using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Send;

/// <summary>
/// Sends on every connection, with a bounded number of messages without an answer. Without a rate each answer lets the next message go (closed loop). With one, messages are
/// due by the clock whatever the server does (open loop), and the time of a message counts from when it was due, so that a slow answer cannot hide those behind it.
/// </summary>
internal sealed class SendLoad : IPushSink
{
    /// <summary>Numbers of one sender that can be under way, oldest to newest; far above what is unanswered, since conversations answer in their own pace.</summary>
    private const int RingSize = 4096;

    private readonly int _senders;
    private readonly int _sizeBytes;
    private readonly int _unanswered;
    private readonly long _interval;                          // between two messages of a sender, in ticks of the stopwatch; 0: closed loop
    private readonly int[] _next;
    private readonly int[] _underWay;
    private readonly long[] _dueAt;
    private readonly int[] _turns;                            // per reactor: 1 while a turn waits for it
    private readonly long[][] _sentAt;
    private readonly LongHistogram[] _latency;
    private readonly int[] _codes = new int[2000];
    private Crowd _crowd = null!;
    private long _sent;
    private long _answered;
    private long _acked;
    private volatile bool _isMeasuring;
    private volatile bool _isOver;

    /// <param name="unanswered">Messages without an answer on each connection, at most.</param>
    /// <param name="ratePerSecond">Of all senders together; 0 for the closed loop.</param>
    public SendLoad(int senders, int sizeBytes, int threads, int unanswered, int ratePerSecond)
    {
        _senders = senders;
        _sizeBytes = sizeBytes;
        _unanswered = unanswered;
        _interval = ratePerSecond == 0 ? 0 : Math.Max(1, (long)((double)Stopwatch.Frequency * senders / ratePerSecond));
        _next = new int[senders];
        _underWay = new int[senders];
        _dueAt = new long[senders];
        _turns = new int[threads];
        _sentAt = [.. Enumerable.Range(0, senders).Select(_ => new long[RingSize])];
        _latency = [.. Enumerable.Range(0, threads).Select(_ => Latencies.Create())];
    }

    /// <summary>Acknowledged while measuring.</summary>
    public long Acked => Interlocked.Read(ref _acked);

    public long Unanswered => Interlocked.Read(ref _sent) - Interlocked.Read(ref _answered);

    /// <summary>Connections that ended.</summary>
    public int Lost { get; private set; }

    public LatencySummary Latency => Latencies.Merge(_latency).Summarize();

    /// <summary>Answers that were no 200, by code.</summary>
    public IReadOnlyDictionary<string, int> Refused => _codes.Index().Where(entry => entry.Item > 0)
        .ToDictionary(entry => $"{entry.Index} {((Im.Protocol.ReplyCode)entry.Index).ToString()}", entry => entry.Item);

    /// <summary>Lets the senders begin, one after the other over the time between two messages of one.</summary>
    public void Begin(Crowd crowd)
    {
        _crowd = crowd;
        var now = Stopwatch.GetTimestamp();
        for (var sender = 0; sender < _senders; sender++) _dueAt[sender] = now + (_interval * sender / _senders);
        Turn();
    }

    /// <summary>Has every reactor send what is due; with a rate, called every millisecond or so.</summary>
    public void Turn()
    {
        for (var number = 0; number < _crowd.Reactors.Count; number++)
        {
            // A reactor that has not come to its last turn gets no second one.
            var first = number;
            if (Interlocked.Exchange(ref _turns[first], 1) == 1) continue;
            _crowd.Reactors[first].Post(() =>
            {
                Volatile.Write(ref _turns[first], 0);
                for (var sender = first; sender < _senders; sender += _crowd.Reactors.Count) SendDue(_crowd[sender]);
            });
        }
    }

    public void Measure() => _isMeasuring = true;

    /// <summary>Counts no more and sends no more.</summary>
    public void End() => (_isMeasuring, _isOver) = (false, true);

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind != WireKind.Sent || push.Number < 0) return;
        Interlocked.Increment(ref _answered);
        _underWay[connection.Index]--;
        if (push.Code != 200) _codes[Math.Clamp(push.Code, 0, _codes.Length - 1)]++;
        else if (_isMeasuring)
        {
            Interlocked.Increment(ref _acked);
            _latency[_crowd.ReactorOf(connection.Index)].RecordTicks(now - _sentAt[connection.Index][push.Number / _senders % RingSize]);
        }
        SendDue(connection);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;

    private void SendDue(ClientConnection connection)
    {
        if (_isOver) return;
        var sender = connection.Index;
        var now = Stopwatch.GetTimestamp();
        while (_underWay[sender] < _unanswered && (_interval == 0 || _dueAt[sender] <= now))
        {
            Send(connection, _interval == 0 ? now : _dueAt[sender]);
            _dueAt[sender] += _interval;
        }
    }

    private void Send(ClientConnection connection, long countsFrom)
    {
        var turn = _next[connection.Index]++;
        _sentAt[connection.Index][turn % RingSize] = countsFrom;
        _underWay[connection.Index]++;
        Interlocked.Increment(ref _sent);
        _crowd.SendBroadcast(connection, turn * _senders + connection.Index, _sizeBytes);
    }
}
