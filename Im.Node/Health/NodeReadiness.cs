namespace Im.Node.Health;

/// <summary>Parts that must be there before the node takes users.</summary>
internal enum NodePart
{
    /// <summary>The message store is open and answers.</summary>
    Storage,

    /// <summary>This node is Up in the cluster.</summary>
    Cluster,

    /// <summary>The shard regions of sessions and conversations have found their coordinator.</summary>
    Regions,

    /// <summary>The relays are subscribed to every partition topic.</summary>
    Relays,

    /// <summary>The WebSocket port is open.</summary>
    Listener,

    /// <summary>This node has not stood still, or the others have confirmed it since.</summary>
    Gate,
}

/// <summary>Whether this node takes users, and if not, why. Thread-safe. A drain is final.</summary>
internal sealed class NodeReadiness
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<NodePart, string> _missing = new(Enum.GetValues<NodePart>().ToDictionary(part => part, _ => "starting"));
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _draining;

    public bool IsReady
    {
        get
        {
            lock (_gate) return !_draining && _missing.Count == 0;
        }
    }

    public bool IsDraining
    {
        get
        {
            lock (_gate) return _draining;
        }
    }

    /// <summary>One line: <c>ready</c>, <c>draining</c>, or the parts that are missing with why.</summary>
    public string Reason
    {
        get
        {
            lock (_gate)
            {
                if (_draining) return "draining";
                return _missing.Count == 0 ? "ready" : string.Join(", ", _missing.Select(part => $"{part.Key.ToString().ToLowerInvariant()}: {part.Value}"));
            }
        }
    }

    /// <summary>Completes when every part has been ready at once for the first time.</summary>
    public Task WhenReady => _ready.Task;

    public void Ready(NodePart part)
    {
        lock (_gate)
        {
            _missing.Remove(part);
            if (_missing.Count == 0) _ready.TrySetResult();
        }
    }

    /// <param name="why">A few words without control characters.</param>
    public void NotReady(NodePart part, string why)
    {
        lock (_gate) _missing[part] = why;
    }

    public void BeginDrain()
    {
        lock (_gate) _draining = true;
    }
}
