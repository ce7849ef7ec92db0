namespace Im.Actors.Conversations;

/// <summary>What waits for its turn in a log, by its order.</summary>
/// <remarks>Bound: <see cref="MaxCount"/> requests and <see cref="MaxBytes"/>; the log takes nothing while <see cref="IsFull"/>.</remarks>
internal sealed class WaitingRequests
{
    public const int MaxCount = 2_048;
    public const int MaxBytes = 8 * 1024 * 1024;

    private readonly LinkedList<LogRequest> _requests = [];
    private int _bytes;
    private long _order;

    public bool IsEmpty => _requests.Count == 0;

    public bool IsFull => _requests.Count >= MaxCount || _bytes >= MaxBytes;

    public void Add(LogRequest request)
    {
        request.Order = ++_order;
        _requests.AddLast(request);
        _bytes += request.Bytes;
    }

    /// <param name="alone">Something is in the part already: what changes members stays for the next.</param>
    public LogRequest? Take(bool alone)
    {
        if (_requests.First?.Value is not { } next || (alone && next.ChangesMembers)) return null;
        _requests.RemoveFirst();
        _bytes -= next.Bytes;
        return next;
    }

    /// <summary>It was taken before its turn came to an end: it goes to its place among what waits, which is near the front.</summary>
    public void PutBack(LogRequest request)
    {
        var next = _requests.First;
        while (next is not null && next.Value.Order < request.Order) next = next.Next;
        if (next is null) _requests.AddLast(request);
        else _requests.AddBefore(next, request);
        _bytes += request.Bytes;
    }

    public IReadOnlyList<LogRequest> TakeAll()
    {
        var all = _requests.ToArray();
        _requests.Clear();
        _bytes = 0;
        return all;
    }
}
