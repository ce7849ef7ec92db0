using Im.Actors.Conversations;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>A durable command that its conversation's owner has not answered.</summary>
/// <param name="Make">Makes the message for the owner, of its tag and place.</param>
/// <param name="Cid">Null when the client gave none.</param>
internal sealed record OpenSend(ConnectionInput.Command Command, SendWindow Window, long Number, long Tag, string? Cid, Func<long, SendPlace, object> Make)
{
    /// <summary>Ticks of <see cref="SendLedger.Tick"/> without an answer, since the owners moved.</summary>
    public int Ticks { get; set; }

    /// <summary>All of them.</summary>
    public int AllTicks { get; set; }
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
    /// <summary>Between two calls of <see cref="Tick"/>.</summary>
    public static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Unanswered after so many ticks, about 14 s: the outcome is unknown.</summary>
    public const int MaxTicks = 28;

    /// <summary>The same, about 30 s, however often the owners move meanwhile.</summary>
    public const int MaxAllTicks = 60;

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
    public object Add(string conversation, long tag, ConnectionInput.Command command, string? cid, Func<long, SendPlace, object> make)
    {
        if (!_current.TryGetValue(conversation, out var window)) _current[conversation] = window = new SendWindow(conversation, ++_windows);
        var send = new OpenSend(command, window, window.Next++, tag, cid, make);
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

    /// <summary>
    /// Time has passed for everything up to this tag. What a hand-off lost is sent again after half a second, what waits for another reason ever more
    /// seldom; with one go all behind it in its window, since an owner that has not got it took none of those.
    /// </summary>
    /// <param name="expired">Tags that have waited long enough.</param>
    /// <returns>What is to be sent again, in order.</returns>
    public IReadOnlyList<object> Tick(long upToTag, out IReadOnlyList<long> expired)
    {
        List<object>? messages = null;
        List<long>? over = null;
        HashSet<SendWindow>? repeated = null;
        foreach (var (tag, send) in _open)
        {
            if (tag > upToTag) break;
            if (++send.Ticks >= MaxTicks | ++send.AllTicks >= MaxAllTicks) (over ??= []).Add(tag);
            else if (repeated?.Contains(send.Window) == true || IsDue(send.Ticks)) (messages ??= []).Add(Again(send, repeated ??= []));
        }

        expired = over ?? (IReadOnlyList<long>)[];
        return messages ?? (IReadOnlyList<object>)[];
    }

    /// <summary>Everything again, in order, because the owners have moved: that nobody was there to answer so far counts for nothing.</summary>
    public IReadOnlyList<object> Repeat()
    {
        foreach (var (_, send) in _open) send.Ticks = 0;
        return [.. _open.Values.Select(send => Message(send, isRepeat: true))];
    }

    /// <summary>The earliest refused one counts: the client sends all behind it again.</summary>
    private void Raise(string conversation, SendBarrier barrier, long nowMs)
    {
        if (_barriers.TryGetValue(conversation, out var raised) && nowMs < raised.UntilMs && raised.IsBefore(barrier)) return;
        if (_barriers.Count >= MaxBarriers) _barriers.Clear();
        _barriers[conversation] = barrier;
    }

    /// <summary>After 0.5, 1.5 and 3.5 s, then every 2 s.</summary>
    private static bool IsDue(int ticks) => ticks == 1 || ticks % 4 == 3;

    private object Again(OpenSend send, HashSet<SendWindow> repeated)
    {
        repeated.Add(send.Window);
        return Message(send, isRepeat: true);
    }

    private object Message(OpenSend send, bool isRepeat) => send.Make(send.Tag, new SendPlace(connection, send.Window.Id, send.Number, send.Window.Open.Keys[0], isRepeat));
}
