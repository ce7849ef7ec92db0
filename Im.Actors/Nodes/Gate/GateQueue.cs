namespace Im.Actors.Nodes.Gate;

/// <summary>Lets pass what comes while the gate is open; holds it while it is closed and lets it pass in its order then.</summary>
/// <remarks>Bound: that of its source, which is what is not yet let through of a lane, or one run for each actor.</remarks>
internal sealed class GateQueue<T>
{
    private readonly NodeGate _gate;
    private readonly Action<T> _pass;
    private readonly Queue<T> _held = new();
    private volatile bool _isHolding;

    /// <param name="pass">May be called on the thread that opens the gate; never two at a time for what was held.</param>
    public GateQueue(NodeGate gate, Action<T> pass)
    {
        _gate = gate;
        _pass = pass;
        gate.WhenOpen(Release);
    }

    public void Pass(T item)
    {
        if ((_isHolding || !_gate.IsOpen) && Hold(item)) return;
        _pass(item);
    }

    /// <summary>Once the node ends nothing is held: what is left to do then is to end.</summary>
    private bool Hold(T item)
    {
        lock (_held)
        {
            // Before the gate is asked: who opens or ends it from here on sees that something may be held, and waits for the lock.
            var wasHolding = _isHolding;
            _isHolding = true;
            if (_gate.HasEnded || (_held.Count == 0 && _gate.IsOpen))
            {
                _isHolding = wasHolding;
                return false;
            }

            _held.Enqueue(item);
            return true;
        }
    }

    private void Release()
    {
        if (!_isHolding) return;
        lock (_held)
        {
            while ((_gate.IsOpen || _gate.HasEnded) && _held.TryDequeue(out var item)) _pass(item);
            _isHolding = _held.Count > 0;
        }
    }
}
