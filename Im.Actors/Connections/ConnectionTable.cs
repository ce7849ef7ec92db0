namespace Im.Actors.Connections;

/// <summary>The node's connections by number: 8 bytes for each. Bounded by the reservations that the hub grants.</summary>
internal sealed class ConnectionTable(int maxCount)
{
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private ConnectionSlot?[] _slots = new ConnectionSlot?[64];
    private int _used;
    private int _count;
    private int _reserved;

    public int MaxCount => maxCount;

    /// <summary>Connections whose upgrade has succeeded and whose actor lives.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A place for a newcomer; given back by <see cref="Unreserve"/>, for an open connection by <see cref="Remove"/>.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _reserved) <= maxCount) return true;
        Interlocked.Decrement(ref _reserved);
        return false;
    }

    public void Unreserve() => Interlocked.Decrement(ref _reserved);

    /// <param name="create">Makes the slot for a number that is unique for the life of the node: reuse count and place.</param>
    public ConnectionSlot Add(Func<long, ConnectionSlot> create)
    {
        lock (_gate)
        {
            var index = _free.Count > 0 ? _free.Pop() : _used++;
            if (index == _slots.Length) Array.Resize(ref _slots, _slots.Length * 2);
            var slot = create((++_serial << 24) | (uint)index);
            _slots[index] = slot;
            _count++;
            return slot;
        }
    }

    public void Remove(ConnectionSlot slot)
    {
        lock (_gate)
        {
            var index = IndexOf(slot.Number);
            if (_slots[index] != slot) return;
            _slots[index] = null;
            _free.Push(index);
            _count--;
        }

        Unreserve();
    }

    public ConnectionSlot? Find(long number)
    {
        lock (_gate)
        {
            var index = IndexOf(number);
            return index < _used && _slots[index] is { } slot && slot.Number == number ? slot : null;
        }
    }

    /// <summary>A copy of what is there now.</summary>
    public ConnectionSlot[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _slots.AsSpan(0, _used).ToArray().OfType<ConnectionSlot>()];
        }
    }

    private long _serial;

    private static int IndexOf(long number) => (int)(number & 0xFFFFFF);
}
