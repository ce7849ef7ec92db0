using Im.Actors.Conversations.Store;

namespace Im.Node.Storage.Appends;

/// <summary>A part that waits for its group.</summary>
/// <param name="Bytes">Measured once, when it came.</param>
/// <param name="Since">Timestamp of its arrival.</param>
internal readonly record struct QueuedPart(AppendPart Part, int Bytes, long Since);

/// <summary>
/// Parts of all conversations on their way to the writers, in order of arrival. Bounded by parts and by bytes; what comes
/// when it is full is refused, and nobody waits.
/// </summary>
internal sealed class AppendQueue(int maxParts, int maxBytes) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<QueuedPart> _parts = new();
    private readonly SemaphoreSlim _signal = new(0);
    private int _bytes;
    private int _isSignalled;

    public int Count
    {
        get
        {
            lock (_gate) return _parts.Count;
        }
    }

    /// <summary>False when it is full. One part alone may be larger than the bound.</summary>
    public bool TryAdd(QueuedPart part)
    {
        lock (_gate)
        {
            if (_parts.Count >= maxParts || (_parts.Count > 0 && _bytes + part.Bytes > maxBytes)) return false;
            _parts.Enqueue(part);
            _bytes += part.Bytes;
        }

        Signal();
        return true;
    }

    /// <summary>Moves what waits into the group, until it has so many records or bytes; at least one part when there is any.</summary>
    public void Take(List<QueuedPart> group, int maxRecords, int maxGroupBytes)
    {
        var left = false;
        lock (_gate)
        {
            for (int records = 0, bytes = 0; _parts.TryPeek(out var next); )
            {
                records += next.Part.Records.Count;
                bytes += next.Bytes;
                left = group.Count > 0 && (records > maxRecords || bytes > maxGroupBytes);
                if (left) break;
                group.Add(_parts.Dequeue());
                _bytes -= next.Bytes;
            }
        }

        if (left) Signal();
    }

    /// <summary>Wakes one writer; calls until it looks count as one.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref _isSignalled, 1) == 0) _signal.Release();
    }

    public void Wait()
    {
        _signal.Wait();
        Volatile.Write(ref _isSignalled, 0);
    }

    public async Task WaitAsync(CancellationToken cancellation)
    {
        await _signal.WaitAsync(cancellation).ConfigureAwait(false);
        Volatile.Write(ref _isSignalled, 0);
    }

    public void Dispose() => _signal.Dispose();
}
