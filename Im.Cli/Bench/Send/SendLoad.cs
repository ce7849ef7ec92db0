using System.Diagnostics;
using HdrHistogram;
using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Send;

/// <summary>Keeps a number of messages without an answer on every connection: each answer lets the next message go.</summary>
internal sealed class SendLoad : IPushSink
{
    /// <summary>Numbers of one sender that can be under way, oldest to newest; far above what is unanswered, since conversations answer in their own pace.</summary>
    private const int RingSize = 4096;

    private readonly int _senders;
    private readonly int _sizeBytes;
    private readonly int[] _next;
    private readonly long[][] _sentAt;
    private readonly LongHistogram[] _latency;
    private readonly int[] _codes = new int[2000];
    private Crowd _crowd = null!;
    private long _sent;
    private long _answered;
    private long _acked;
    private volatile bool _isMeasuring;
    private volatile bool _isOver;

    public SendLoad(int senders, int sizeBytes, int threads)
    {
        _senders = senders;
        _sizeBytes = sizeBytes;
        _next = new int[senders];
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

    public void Begin(Crowd crowd, int unanswered)
    {
        _crowd = crowd;
        for (var sender = 0; sender < _senders; sender++)
        {
            var connection = crowd[sender];
            crowd.Reactors[crowd.ReactorOf(sender)].Post(() =>
            {
                for (var i = 0; i < unanswered; i++) Send(connection);
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
        if (push.Code != 200) _codes[Math.Clamp(push.Code, 0, _codes.Length - 1)]++;
        else if (_isMeasuring)
        {
            Interlocked.Increment(ref _acked);
            _latency[_crowd.ReactorOf(connection.Index)].RecordTicks(now - _sentAt[connection.Index][push.Number / _senders % RingSize]);
        }
        if (!_isOver) Send(connection);
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;

    private void Send(ClientConnection connection)
    {
        var turn = _next[connection.Index]++;
        _sentAt[connection.Index][turn % RingSize] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _sent);
        _crowd.SendBroadcast(connection, turn * _senders + connection.Index, _sizeBytes);
    }
}
