namespace Im.Client.Engine;

/// <summary>A command that changes nothing when it is repeated: it goes out again after a reconnect until it is answered or its time is over.</summary>
/// <param name="IsOnce">Not repeated (an ephemeral message): fails when the connection is not up, or goes after it was sent.</param>
/// <param name="Finished">The reply, or the reason why there is none.</param>
internal sealed record Call(string Command, byte[] Data, bool IsOnce, Action<Reply?, Exception?> Finished);

/// <summary>Commands other than durable ones that wait for an answer, at most as many as the queue of durable ones holds.</summary>
internal sealed class Calls(EngineSettings settings)
{
    private sealed class Waiting(Call call, long deadline)
    {
        public Call Call => call;

        public long Deadline => deadline;

        public bool IsSent { get; set; }

        public long NotBefore { get; set; }
    }

    private readonly LinkedList<Waiting> _waiting = [];

    public void Add(Call call, long now)
    {
        if (_waiting.Count >= settings.MaxQueued) call.Finished(null, new ImQueueFullException(settings.MaxQueued));
        else _waiting.AddLast(new Waiting(call, now + settings.RequestTimeoutMs));
    }

    public void Pump(long now, Action<string, byte[], Action<Reply>> ask, Func<long> clock)
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            var waiting = node.Value;
            if (waiting.IsSent || waiting.NotBefore > now) continue;
            waiting.IsSent = true;
            var sent = node;
            ask(waiting.Call.Command, waiting.Call.Data, reply => OnReply(sent, reply, clock()));
        }
    }

    public void Tick(long now)
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Deadline <= now) End(node, null, new TimeoutException($"No answer to {node.Value.Call.Command} within {settings.RequestTimeoutMs} ms."));
            node = next;
        }
    }

    public void OnDisconnected()
    {
        for (var node = _waiting.First; node is not null;)
        {
            var next = node.Next;
            var wasSent = node.Value.IsSent;
            node.Value.IsSent = false;
            node.Value.NotBefore = 0;
            if (wasSent && node.Value.Call.IsOnce) End(node, null, new ImConnectionLostException());
            node = next;
        }
    }

    public void Stop(string? reason)
    {
        while (_waiting.First is { } first) End(first, null, new ImStoppedException(reason));
    }

    public long NextDue()
    {
        var due = long.MaxValue;
        foreach (var waiting in _waiting)
        {
            due = Math.Min(due, waiting.Deadline);
            if (waiting is { IsSent: false, NotBefore: > 0 }) due = Math.Min(due, waiting.NotBefore);
        }
        return due;
    }

    private void OnReply(LinkedListNode<Waiting> node, Reply reply, long now)
    {
        if (node.List is null) return;
        if (reply.IsTemporary && !node.Value.Call.IsOnce)
        {
            node.Value.IsSent = false;
            node.Value.NotBefore = now + Math.Max(500, reply.RetryAfterMs);
            return;
        }
        End(node, reply, null);
    }

    private void End(LinkedListNode<Waiting> node, Reply? reply, Exception? failure)
    {
        _waiting.Remove(node);
        node.Value.Call.Finished(reply, failure);
    }
}
