using Im.Actors.Administration;

namespace Im.Actors.Connections.Draining;

/// <summary>
/// Lets the connections of a node go, slot after slot. Clients of level 2 are told when theirs begins and leave by themselves; the
/// others, who know no goaway, are closed one after the other within it.
/// </summary>
internal sealed class ClientDrain
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly ConnectionTable _table;
    private readonly TimeProvider _time;
    private readonly ConnectionSlot[] _connections;
    private readonly DrainSlots _slots;
    private readonly PriorityQueue<ConnectionSlot, TimeSpan> _ends = new();
    private int _begun;

    /// <param name="table">Takes no newcomers any more, but those whose place was reserved before.</param>
    public ClientDrain(ConnectionTable table, DrainPace pace, TimeProvider time)
    {
        _table = table;
        _time = time;
        _connections = table.Snapshot();
        _slots = new DrainSlots(_connections.Length, pace);
    }

    public DrainProgress Progress => new(_connections.Length, Math.Min(_table.Count, _connections.Length));

    /// <summary>Ends when all have gone. With the token those that are left are cut off.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var started = _time.GetTimestamp();
        using var tick = new PeriodicTimer(Tick, _time);
        try
        {
            while (_table.Count > 0)
            {
                Advance(_time.GetElapsedTime(started));
                await tick.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in _table.Snapshot()) connection.Transport.Abort();
        }
    }

    private void Advance(TimeSpan elapsed)
    {
        for (; _begun < _slots.Count && _slots.BeginOf(_begun) <= elapsed; _begun++) Begin(_begun);
        while (_ends.TryPeek(out var connection, out var end) && end <= elapsed)
        {
            _ends.Dequeue();
            connection.EndNow();
        }
    }

    private void Begin(int slot)
    {
        var connections = _connections.AsSpan(slot * _slots.PerSlot);
        connections = connections[..Math.Min(_slots.PerSlot, connections.Length)];
        for (var i = 0; i < connections.Length; i++)
        {
            var knows = connections[i].Level == ProtocolLevel.Two;
            if (knows) connections[i].GoWithin(_slots.Length);
            _ends.Enqueue(connections[i], knows ? _slots.EndOf(slot) : _slots.BeginOf(slot) + (_slots.Length * i / connections.Length));
        }
    }
}
