using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Burst;

/// <summary>Writes enters and exits into their ledgers and remembers when the last one came.</summary>
internal sealed class PresenceSink(int users) : IPushSink
{
    private long _lastEnterAt;
    private long _lastExitAt;
    private int _lost;

    public PairLedger Enters { get; } = new(users);

    public PairLedger Exits { get; } = new(users);

    /// <summary>Stopwatch; 0 before the first.</summary>
    public long LastEnterAt => Interlocked.Read(ref _lastEnterAt);

    public long LastExitAt => Interlocked.Read(ref _lastExitAt);

    /// <summary>Connections that the server or the network ended.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind == WireKind.Enter)
        {
            if (Enters.Note(connection.Index, push.Number)) Interlocked.Exchange(ref _lastEnterAt, now);
        }
        else if (push.Kind == WireKind.Exit && Exits.Note(connection.Index, push.Number))
        {
            Interlocked.Exchange(ref _lastExitAt, now);
        }
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Interlocked.Increment(ref _lost);
}
