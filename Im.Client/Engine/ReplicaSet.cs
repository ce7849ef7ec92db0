using System.Text.Json;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Client.Engine;

/// <summary>
/// All conversations of this client and the rule of protocol.md §5: who is behind waits at most 500 ms for the missing records, then they are read by
/// <c>sync</c>, and by pages of <c>history</c> where a sync does not hold them all. <see cref="CatchUp"/> sends the questions.
/// </summary>
internal sealed class ReplicaSet(IEngineHost host, AckBook acks, ReceiptMarks receipts, CatchUp catchUp)
{
    public const long HoldMs = 500;

    /// <summary>After answers that did not help, the wait doubles so many times at most.</summary>
    private const int MaxDoublings = 6;

    /// <summary>Where a conversation without a cursor begins: at most so many records back.</summary>
    public const int MaxFirstCount = 500;

    private readonly Dictionary<string, Replica> _all = [];
    private readonly HashSet<Replica> _holding = [];
    private readonly HashSet<string> _rooms = [];
    private long _activity;

    public IEnumerable<Replica> All => _all.Values;

    /// <summary>Rooms that the application is in, or wants to be in.</summary>
    public IReadOnlySet<string> Rooms => _rooms;

    public Replica? Find(string conversation) => _all.GetValueOrDefault(conversation);

    /// <summary>Called with a room that the server says this connection is not in, though the application wants it.</summary>
    public Action<string>? RoomLost { get; set; }

    public void Restore(string conversation, ImCursor cursor)
    {
        var replica = Add(conversation, cursor.Epoch, cursor.Mseq);
        if (replica.IsRoom) _rooms.Add(conversation);
    }

    /// <summary>Rooms first, since only a login enters them again, then the most recently active.</summary>
    public List<KeyValuePair<string, Cursor>> Cursors(int max) =>
        [.. _all.Values.OrderByDescending(replica => replica.IsRoom).ThenByDescending(replica => replica.Activity).Take(max)
            .Select(replica => KeyValuePair.Create(replica.Conversation, new Cursor(replica.Epoch, replica.Last)))];

    public void Want(string room) => _rooms.Add(room);

    /// <summary>The application left the room.</summary>
    public void Leave(string room)
    {
        _rooms.Remove(room);
        Remove(room);
    }

    /// <summary>A push, or the reply to an own command as the record that it is.</summary>
    public void Offer(ImRecord record, long now)
    {
        if (Find(record.Conversation) is not { } replica)
        {
            // A room is known from its join on: this is what was under way when it was left.
            if (record.Conversation.StartsWith("r:", StringComparison.Ordinal)) return;
            replica = Add(record.Conversation, record.Epoch, 0);
            replica.IsFresh = true;
            host.Notice(new ImOpened(record.Conversation, record.Epoch, 0));
        }
        if (record.Epoch != replica.Epoch)
        {
            Reset(replica, record.Epoch);
            replica.Offer(record, Apply);
            if (replica.HasHeld) Ask(replica, ImCatchUpCause.New);
            return;
        }
        if (record.Mseq <= replica.Last)
        {
            acks.Ack(replica.Conversation, replica.Taken, now);
            return;
        }
        var last = replica.Last;
        replica.Offer(record, Apply);
        Hold(replica, now, hasMoved: replica.Last > last);
    }

    /// <summary>One entry of <c>convs</c> in the answer to a login or sync.</summary>
    /// <param name="asked">The epoch of the question; null when it named no cursor.</param>
    public void OnAnswer(JsonElement answer, string? asked, long now)
    {
        if (answer.Text("conv") is not { } conversation) return;
        if (answer.Number("code") is { } code)
        {
            Lose(conversation, (ReplyCode)(int)code);
            return;
        }
        var (epoch, first, head) = (answer.Text("epoch") ?? "", answer.Number("first") ?? 1, answer.Number("head") ?? 0);
        if (Find(conversation) is not { } replica)
        {
            if (!conversation.StartsWith("r:", StringComparison.Ordinal)) Begin(conversation, epoch, first, head, answer.Number("read") ?? 0, now);
            return;
        }
        replica.Load = ReplicaLoad.None;
        if (asked is not null && replica.Epoch != asked)
        {
            Ask(replica, ImCatchUpCause.New);
            return;
        }
        if (epoch != replica.Epoch) Reset(replica, epoch);
        var isRecovered = answer.Flag("recovered");
        if (replica.IsFresh && !isRecovered) Start(replica, Math.Max(first - 1, head - MaxFirstCount), now);
        var last = replica.Last;
        replica.Believe(head);
        replica.SkipTo(Math.Min(first - 1, head));
        if (isRecovered) replica.TakeAll(RecordReader.ReadAll(answer, "msgs", conversation), head, Apply);
        acks.Skip(conversation, replica.TakeSkipped(), now);
        if (isRecovered) Settle(replica, last, now);
        else if (replica.IsBehind) catchUp.Page(replica);
    }

    /// <summary>A page of <c>history</c> after <see cref="Replica.Last"/>.</summary>
    public void OnPage(Replica replica, string asked, JsonElement page, long now)
    {
        replica.Load = ReplicaLoad.None;
        if (replica.Epoch != asked || (page.Text("epoch") ?? asked) != asked)
        {
            if (replica.Epoch == asked) Reset(replica, page.Text("epoch")!);
            Ask(replica, ImCatchUpCause.New);
            return;
        }
        var last = replica.Last;
        var records = RecordReader.ReadAll(page, "msgs", replica.Conversation);
        var head = page.Number("head") ?? 0;
        replica.Believe(head);
        replica.SkipTo(Math.Min((page.Number("first") ?? 1) - 1, head));
        replica.TakeAll(records, records.Count == 0 ? head : records[^1].Mseq, Apply);
        acks.Skip(replica.Conversation, replica.TakeSkipped(), now);
        if (replica.IsBehind && replica.Last > last) catchUp.Page(replica);
        else Settle(replica, last, now);
    }

    /// <summary>A range was removed while it was asked for.</summary>
    public void OnRangeGone(Replica replica, long first, long now)
    {
        replica.Load = ReplicaLoad.None;
        replica.SkipTo(first - 1);
        acks.Skip(replica.Conversation, replica.TakeSkipped(), now);
        Ask(replica, ImCatchUpCause.NotRecovered);
    }

    public void OnJoined(string room, string epoch, long head)
    {
        if (Find(room) is not { } replica)
        {
            Add(room, epoch, head);
            host.Store.SaveCursor(room, new ImCursor(epoch, head));
            host.Notice(new ImOpened(room, epoch, head));
            return;
        }
        if (replica.Epoch == epoch && head <= replica.Last) return;
        replica.Hear(replica.Epoch == epoch ? head : 0);
        Ask(replica, ImCatchUpCause.NotRecovered);
    }

    /// <summary>A head that a command of this client brought about; its record is given a moment to come as a push.</summary>
    public void OnOwnHead(string conversation, long mseq, long now)
    {
        if (mseq <= 0) return;
        if (Find(conversation) is not { } replica)
        {
            replica = Add(conversation, "", 0);
            replica.IsFresh = true;
        }
        replica.Hear(mseq);
        if (replica.IsBehind) Hold(replica, now, hasMoved: false);
    }

    /// <summary>The server says that this conversation moved on.</summary>
    public void OnMoved(string conversation, ImCatchUpCause cause)
    {
        if (Find(conversation) is { } replica) Ask(replica, cause);
        else if (!conversation.StartsWith("r:", StringComparison.Ordinal))
        {
            replica = Add(conversation, "", 0);
            replica.IsFresh = true;
            Ask(replica, ImCatchUpCause.New);
        }
    }

    public void OnTaken(string conversation, string epoch, long mseq, long now)
    {
        if (Find(conversation) is not { } replica || replica.Epoch != epoch || mseq <= replica.Taken) return;
        replica.Taken = mseq;
        acks.Ack(conversation, mseq, now);
        host.Store.SaveCursor(conversation, new ImCursor(epoch, mseq));
    }

    /// <summary>The user cannot read it any more. A room that is still wanted is entered again, and goes on from its cursor then.</summary>
    public void Lose(string conversation, ReplyCode code)
    {
        if (code is ReplyCode.NotAMember or ReplyCode.NoSuchConversation && _rooms.Contains(conversation) && RoomLost is not null)
        {
            if (Find(conversation) is { } replica) replica.Load = ReplicaLoad.None;
            RoomLost(conversation);
            return;
        }
        _rooms.Remove(conversation);
        Remove(conversation);
        host.Notice(new ImConversationLost(conversation, code));
    }

    /// <summary>Asks for what was waited for long enough.</summary>
    public void Tick(long now)
    {
        foreach (var replica in _holding.Where(replica => replica.HoldUntil <= now).ToArray()) Ask(replica, ImCatchUpCause.Gap);
    }

    public long NextDue() => _holding.Count == 0 ? long.MaxValue : _holding.Min(replica => replica.HoldUntil);

    /// <summary>What came early is dropped: the next login gives everything after <see cref="Replica.Last"/>.</summary>
    public void OnDisconnected()
    {
        _holding.Clear();
        foreach (var replica in _all.Values)
        {
            replica.DropHeld();
            replica.Load = ReplicaLoad.None;
            replica.HoldUntil = long.MaxValue;
            replica.NotBefore = 0;
        }
    }

    private Replica Add(string conversation, string epoch, long last) => _all[conversation] = new Replica(conversation, epoch, last) { Activity = ++_activity };

    /// <summary>An own conversation that no cursor named: its unread part, at most <see cref="MaxFirstCount"/>.</summary>
    private void Begin(string conversation, string epoch, long first, long head, long read, long now)
    {
        var replica = Add(conversation, epoch, 0);
        Start(replica, Math.Min(head, Math.Max(read, Math.Max(first - 1, head - MaxFirstCount))), now);
        host.Store.SaveCursor(conversation, new ImCursor(epoch, replica.Last));
        replica.Hear(head);
        if (replica.IsBehind) catchUp.Page(replica);
    }

    private void Start(Replica replica, long mseq, long now)
    {
        replica.StartAt(mseq);
        replica.Taken = replica.Last;
        acks.Skip(replica.Conversation, replica.Last, now);
        host.Notice(new ImOpened(replica.Conversation, replica.Epoch, replica.Last));
    }

    private void Reset(Replica replica, string epoch)
    {
        replica.Reset(epoch);
        host.Notice(new ImOpened(replica.Conversation, epoch, 0));
        _holding.Remove(replica);
        acks.Forget(replica.Conversation);
        receipts.Forget(replica.Conversation);
    }

    private void Remove(string conversation)
    {
        if (_all.Remove(conversation, out var replica))
        {
            _holding.Remove(replica);
            catchUp.Forget(replica);
        }
        acks.Forget(conversation);
        receipts.Forget(conversation);
        host.Store.RemoveCursor(conversation);
    }

    private void Ask(Replica replica, ImCatchUpCause cause)
    {
        _holding.Remove(replica);
        replica.HoldUntil = long.MaxValue;
        catchUp.Sync(replica, cause);
    }

    private void Settle(Replica replica, long last, long now)
    {
        replica.FruitlessCount = replica.Last > last || !replica.IsBehind ? 0 : replica.FruitlessCount + 1;
        Hold(replica, now, hasMoved: true);
    }

    /// <summary>Starts, goes on with or ends the wait for missing records. A new gap has its own 500 ms.</summary>
    private void Hold(Replica replica, long now, bool hasMoved)
    {
        if (!replica.IsBehind || replica.Load != ReplicaLoad.None || catchUp.IsAsked(replica))
        {
            replica.HoldUntil = long.MaxValue;
            _holding.Remove(replica);
            return;
        }
        if (hasMoved || replica.HoldUntil == long.MaxValue) replica.HoldUntil = now + (HoldMs << Math.Min(replica.FruitlessCount, MaxDoublings));
        _holding.Add(replica);
    }

    private void Apply(ImRecord record)
    {
        if (Find(record.Conversation) is { } replica) replica.Activity = ++_activity;
        host.Apply(record);
    }
}
