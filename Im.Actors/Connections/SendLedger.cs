using Im.Actors.Conversations;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>A durable command that its conversation's owner has not answered.</summary>
/// <param name="Make">Makes the message for the owner, at its place.</param>
/// <param name="Cid">Null when the client gave none.</param>
internal sealed record OpenSend(ConnectionInput.Command Command, SendWindow Window, long Number, string? Cid, Func<SendPlace, object> Make)
{
    /// <summary>Times it was sent.</summary>
    public int Attempts { get; set; } = 1;
}

/// <summary>What a connection has unanswered in one conversation, numbered from 1 (see <see cref="SendPlace"/>).</summary>
internal sealed class SendWindow(string conversation, long id)
{
    public string Conversation { get; } = conversation;

    public long Id { get; } = id;

    public long Next { get; set; } = 1;

    /// <summary>Tags by number.</summary>
    public SortedList<long, long> Open { get; } = [];
}

/// <summary>
/// The durable commands that a connection has under way: numbers them per conversation, sends them again until answered,
/// and when one is refused for a while gives back all that came behind it, so that the client sends them again in order.
/// </summary>
/// <remarks>Bounded by the connection's credit; barriers of at most <see cref="MaxBarriers"/> conversations, then all are let through.</remarks>
internal sealed class SendLedger(string connection)
{
    /// <summary>Unanswered after so many attempts, about 14 s: the outcome is unknown.</summary>
    public const int MaxAttempts = 7;

    private const int MaxBarriers = 1_000;

    private readonly Dictionary<string, SendWindow> _current = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, OpenSend> _open = [];
    private readonly Dictionary<string, SendBarrier> _barriers = new(StringComparer.Ordinal);
    private long _windows;

    public bool IsEmpty => _open.Count == 0;

    /// <summary>One before it was refused for a while and has not come again: this one is refused the same way.</summary>
    public ReplyCode? Refusal(string conversation, string? cid, long nowMs)
    {
        if (!_barriers.TryGetValue(conversation, out var barrier)) return null;
        if (barrier.Stops(cid, nowMs)) return barrier.Code;
        _barriers.Remove(conversation);
        return null;
    }

    /// <returns>The message for the owner.</returns>
    public object Add(string conversation, long tag, ConnectionInput.Command command, string? cid, Func<SendPlace, object> make)
    {
        if (!_current.TryGetValue(conversation, out var window)) _current[conversation] = window = new SendWindow(conversation, ++_windows);
        var send = new OpenSend(command, window, window.Next++, cid, make);
        window.Open.Add(send.Number, tag);
        _open[tag] = send;
        return Message(send, isRepeat: false);
    }

    /// <summary>It has its final answer.</summary>
    public OpenSend? Take(long tag)
    {
        if (!_open.Remove(tag, out var send)) return null;
        var window = send.Window;
        window.Open.Remove(send.Number);
        if (window.Open.Count == 0 && _current.GetValueOrDefault(window.Conversation) == window) _current.Remove(window.Conversation);
        return send;
    }

    /// <summary>It was refused for a while: it and all behind it in its window, in order. The conversation begins again with it, in a new window.</summary>
    public IReadOnlyList<OpenSend> Break(long tag, ReplyCode code, long nowMs)
    {
        if (!_open.TryGetValue(tag, out var send)) return [];
        var window = send.Window;
        if (_current.GetValueOrDefault(window.Conversation) == window) _current.Remove(window.Conversation);
        Raise(window.Conversation, SendBarrier.At(send, code, nowMs), nowMs);
        var behind = window.Open.Where(open => open.Key >= send.Number).Select(open => open.Value).ToArray();
        return [.. behind.Select(Take).OfType<OpenSend>()];
    }

    /// <summary>Everything up to this tag again, in order.</summary>
    /// <param name="expired">Tags that were sent often enough.</param>
    public IReadOnlyList<object> Repeat(long upToTag, out IReadOnlyList<long> expired)
    {
        var messages = new List<object>();
        var over = new List<long>();
        foreach (var (tag, send) in _open)
        {
            if (tag > upToTag) break;
            if (send.Attempts >= MaxAttempts)
            {
                over.Add(tag);
                continue;
            }

            send.Attempts++;
            messages.Add(Message(send, isRepeat: true));
        }

        expired = over;
        return messages;
    }

    /// <summary>The earliest refused one counts: the client sends all behind it again.</summary>
    private void Raise(string conversation, SendBarrier barrier, long nowMs)
    {
        if (_barriers.TryGetValue(conversation, out var raised) && nowMs < raised.UntilMs && raised.IsBefore(barrier)) return;
        if (_barriers.Count >= MaxBarriers) _barriers.Clear();
        _barriers[conversation] = barrier;
    }

    private object Message(OpenSend send, bool isRepeat) => send.Make(new SendPlace(connection, send.Window.Id, send.Number, send.Window.Open.Keys[0], isRepeat));
}
