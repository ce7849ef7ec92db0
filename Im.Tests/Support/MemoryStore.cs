using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Tests.Support;

/// <summary>The store's contract in memory, with switches for what a real one does only when it fails.</summary>
internal sealed class MemoryStore : IMessageStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationKey, Kept> _conversations = [];
    private readonly Dictionary<(AppId, string, string), (long Delivered, long Read)> _marks = [];
    private readonly Dictionary<(AppId, string), long> _lastSeen = [];
    private readonly List<Revocation> _revocations = [];
    private readonly List<(long After, int Count)> _revocationReads = [];
    private readonly List<DeliveryRow> _deliveries = [];
    private long _change;

    public string Generation { get; set; } = "k1";

    public long SeenSinceMs { get; set; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public bool IsAvailable { get; set; } = true;

    /// <summary>Revocations that one answer holds.</summary>
    public int RevocationsPageCount { get; set; } = int.MaxValue;

    /// <summary>What was asked for revocations: above which number, and how many the answer held.</summary>
    public IReadOnlyList<(long After, int Count)> RevocationReads
    {
        get
        {
            lock (_gate) return [.. _revocationReads];
        }
    }

    /// <summary>Appends wait until released, as in a slow group commit.</summary>
    public bool HoldsAppends { get; set; }

    /// <summary>What the next append is answered without being stored, or after being stored (Unknown).</summary>
    public AppendOutcome? NextOutcome { get; set; }

    /// <summary>With an Unknown outcome: it was stored all the same.</summary>
    public bool StoresUnknown { get; set; }

    public Queue<AppendPart> Held { get; } = new();

    public int AppendsCount { get; private set; }

    /// <summary>Questions for cids that are asked from now on are answered when this is done.</summary>
    public Task Lookups { get; set; } = Task.CompletedTask;

    public int LookupsCount { get; private set; }

    private sealed class Kept
    {
        public required string Epoch;
        public string? Name;
        public long Head;
        public long First = 1;
        public long Change;
        public long TimestampMs;
        public readonly List<StoredRecord> Records = [];
        public readonly List<MemberRow> Members = [];
        public readonly Dictionary<(string, string), CidRow> Cids = [];
    }

    public void Append(AppendPart part)
    {
        lock (_gate)
        {
            AppendsCount++;
            if (HoldsAppends) Held.Enqueue(part);
            else Commit(part);
        }
    }

    /// <summary>Commits what was held.</summary>
    public void Release()
    {
        lock (_gate)
        {
            HoldsAppends = false;
            while (Held.TryDequeue(out var part)) Commit(part);
        }
    }

    /// <summary>Retention: what is below this number is gone.</summary>
    public void RemoveBelow(ConversationKey conversation, long first)
    {
        lock (_gate)
        {
            var kept = _conversations[conversation];
            kept.Records.RemoveAll(record => record.Mseq < first);
            kept.First = first;
        }
    }

    /// <summary>Another owner appends.</summary>
    public void MoveHead(ConversationKey conversation, StoredRecord record)
    {
        lock (_gate)
        {
            var kept = _conversations[conversation];
            kept.Records.Add(record);
            kept.Head = record.Mseq;
            kept.Change = ++_change;
            kept.TimestampMs = record.TimestampMs;
        }
    }

    public Task<(bool IsAvailable, ConversationRow? Row)> LoadAsync(ConversationKey conversation, bool locked, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!IsAvailable) return Task.FromResult((false, (ConversationRow?)null));
            return Task.FromResult((true, _conversations.TryGetValue(conversation, out var kept)
                ? new ConversationRow(kept.Epoch, kept.Head, kept.First, kept.TimestampMs, kept.Name, [.. kept.Members.Where(member => member.ToMseq is null)])
                : null));
        }
    }

    public async Task<(bool IsAvailable, IReadOnlyDictionary<(string Sender, string Cid), CidRow> Found)> FindCidsAsync(
        ConversationKey conversation, IReadOnlyCollection<(string Sender, string Cid)> cids, CancellationToken cancellation = default)
    {
        LookupsCount++;
        await Lookups.ConfigureAwait(false);
        lock (_gate)
        {
            var all = _conversations.TryGetValue(conversation, out var kept) ? kept.Cids : [];
            IReadOnlyDictionary<(string, string), CidRow> found = cids.Where(all.ContainsKey).ToDictionary(cid => cid, cid => all[cid]);
            return (IsAvailable, found);
        }
    }

    /// <summary>0 when there is no such conversation.</summary>
    public long HeadOf(ConversationKey conversation)
    {
        lock (_gate) return _conversations.TryGetValue(conversation, out var kept) ? kept.Head : 0;
    }

    public Task<HistoryPage> ReadAsync(HistoryQuery query, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!IsAvailable) return Task.FromResult(HistoryPage.Of(ReadOutcome.Unavailable));
            if (!_conversations.TryGetValue(query.Conversation, out var kept)) return Task.FromResult(HistoryPage.Of(ReadOutcome.NoConversation));
            if (Visible(kept, query.Reader) is not { } visible) return Task.FromResult(HistoryPage.Of(ReadOutcome.NotAMember));
            var records = query.After is { } after ? visible.Where(record => record.Mseq > after).Take(query.Limit)
                : visible.Where(record => record.Mseq < (query.Before ?? long.MaxValue)).TakeLast(query.Limit);
            return Task.FromResult(new HistoryPage(ReadOutcome.Found, kept.Epoch, FirstOf(kept, visible), HeadOf(kept, query.Reader), [.. records]));
        }
    }

    public Task<SyncPage> SyncAsync(SyncQuery query, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!IsAvailable) return Task.FromResult(SyncPage.Unavailable);
            var synced = query.Cursors.Select(cursor => Synced(query.App, query.User, cursor, query.MaxGap)).ToList();
            if (!query.ListOwn) return Task.FromResult(new SyncPage(true, synced, false));
            var own = Own(query.App, query.User).Where(own => query.Cursors.All(cursor => cursor.Conversation != own.Conversation)).ToList();
            return Task.FromResult(new SyncPage(true, [.. synced, .. own.Take(query.MaxConversations)], own.Count > query.MaxConversations));
        }
    }

    public Task<SyncPage> ListAsync(AppId app, string user, int limit, string? after, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!IsAvailable) return Task.FromResult(SyncPage.Unavailable);
            var own = Own(app, user).ToList();
            var start = after is null ? 0 : own.FindIndex(conversation => conversation.Conversation == after) + 1;
            return Task.FromResult(new SyncPage(true, [.. own.Skip(start).Take(limit)], own.Count > start + limit));
        }
    }

    public Task<IReadOnlyList<ChangedHead>?> ReadChangedAsync(long afterChange, long sinceMs, int limit, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            IReadOnlyList<ChangedHead> heads = [.. Heads().Where(head => head.Change > afterChange || head.TimestampMs >= sinceMs).OrderBy(head => head.Change).Take(limit)];
            return Task.FromResult(IsAvailable ? heads : null);
        }
    }

    public Task<IReadOnlyList<ChangedHead>?> ReadHeadsAsync(AppId app, IReadOnlyCollection<string> conversations, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            IReadOnlyList<ChangedHead> heads = [.. Heads().Where(head => head.Conversation.App == app && conversations.Contains(head.Conversation.Conversation.Value))];
            return Task.FromResult(IsAvailable ? heads : null);
        }
    }

    public long Move(CursorMove move)
    {
        lock (_gate)
        {
            var known = _marks.GetValueOrDefault((move.App, move.User, move.Conversation));
            _marks[(move.App, move.User, move.Conversation)] = (Math.Max(known.Delivered, move.Delivered ?? 0), Math.Max(known.Read, move.Read ?? 0));
            return move.Read ?? 0;
        }
    }

    public Task<IReadOnlyDictionary<string, (long Delivered, long Read)>?> ReadMarksAsync(ConversationKey conversation, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, (long, long)>?>(_marks
                .Where(mark => mark.Key.Item1 == conversation.App && mark.Key.Item3 == conversation.Conversation.Value)
                .ToDictionary(mark => mark.Key.Item2, mark => mark.Value));
        }
    }

    public Task<DeliveryRow?> FindDeliveryAsync(AppId app, string messageId, CancellationToken cancellation = default)
    {
        lock (_gate) return Task.FromResult(IsAvailable ? _deliveries.Find(delivery => delivery.MessageId == messageId) : null);
    }

    public Task<bool> ChangeEpochAsync(ConversationKey conversation, string from, string to, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!_conversations.TryGetValue(conversation, out var kept) || kept.Epoch != from) return Task.FromResult(false);
            kept.Epoch = to;
            return Task.FromResult(true);
        }
    }

    public void SaveLastSeen(AppId app, string user, long timestampMs)
    {
        lock (_gate) _lastSeen[(app, user)] = timestampMs;
    }

    /// <summary>What was saved, or null.</summary>
    public long? LastSeen(AppId app, string user)
    {
        lock (_gate) return _lastSeen.TryGetValue((app, user), out var at) ? at : null;
    }

    public Task<IReadOnlyDictionary<string, long>?> ReadLastSeenAsync(AppId app, IReadOnlyCollection<string> users, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyDictionary<string, long>?>(users.Where(user => _lastSeen.ContainsKey((app, user))).ToDictionary(user => user, user => _lastSeen[(app, user)]));
        }
    }

    /// <summary>Stores it under its number, as a transaction does that ends after later ones.</summary>
    public void Revoke(Revocation revocation)
    {
        lock (_gate) _revocations.Add(revocation);
    }

    public Task<Revocation> RevokeAsync(AppId app, string? user, string? tokenId, long beforeMs, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            var revocation = new Revocation(_revocations.Select(known => known.Number).DefaultIfEmpty().Max() + 1, app, user, tokenId, beforeMs);
            _revocations.Add(revocation);
            return Task.FromResult(revocation);
        }
    }

    public Task<IReadOnlyList<Revocation>?> ReadRevocationsAsync(long afterNumber, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (!IsAvailable) return Task.FromResult<IReadOnlyList<Revocation>?>(null);
            var found = _revocations.Where(revocation => revocation.Number > afterNumber).OrderBy(revocation => revocation.Number).Take(RevocationsPageCount).ToArray();
            _revocationReads.Add((afterNumber, found.Length));
            return Task.FromResult<IReadOnlyList<Revocation>?>(found);
        }
    }

    private void Commit(AppendPart part)
    {
        var outcome = NextOutcome;
        NextOutcome = null;
        if (outcome is { } forced && !(forced == AppendOutcome.Unknown && StoresUnknown))
        {
            part.ReplyTo.Tell(new AppendResult(part.Tag, forced, 0), ActorRefs.NoSender);
            return;
        }

        var result = Store(part);
        part.ReplyTo.Tell(outcome is null ? result : new AppendResult(part.Tag, outcome.Value), ActorRefs.NoSender);
    }

    private AppendResult Store(AppendPart part)
    {
        if (!IsAvailable) return new AppendResult(part.Tag, AppendOutcome.Unavailable);
        if (!_conversations.TryGetValue(part.Conversation, out var kept) == !part.Creates) return new AppendResult(part.Tag, AppendOutcome.Fenced);
        if (kept is not null && (kept.Head != part.ExpectedHead || kept.Epoch != part.Epoch)) return new AppendResult(part.Tag, AppendOutcome.Fenced);
        for (var i = 0; i < part.Records.Count; i++)
        {
            var record = part.Records[i].Record;
            if (record.Cid is not null && kept?.Cids.ContainsKey((record.Sender, record.Cid)) == true) return new AppendResult(part.Tag, AppendOutcome.Rejected, i);
        }

        kept ??= _conversations[part.Conversation] = new Kept { Epoch = part.Epoch, Name = part.Name };
        foreach (var append in part.Records) Store(kept, append, part.Conversation);
        foreach (var change in part.Members) Store(kept, change);
        kept.Change = ++_change;
        return new AppendResult(part.Tag, AppendOutcome.Committed);
    }

    private void Store(Kept kept, AppendRecord append, ConversationKey conversation)
    {
        var record = append.Record;
        kept.Records.Add(record);
        kept.Head = record.Mseq;
        kept.TimestampMs = record.TimestampMs;
        if (record.Cid is not null && append.PayloadHash is { } hash) kept.Cids[(record.Sender, record.Cid)] = new CidRow(kept.Epoch, record.Mseq, record.MessageId, record.TimestampMs, hash);
        if (append.DeliveryUser is { } user) _deliveries.Add(new DeliveryRow(record.MessageId, user, conversation.Conversation.Value, kept.Epoch, record.Mseq, record.TimestampMs + 86_400_000, []));
        if (append.Amends is not { } amendment) return;
        var index = kept.Records.FindIndex(target => target.Mseq == amendment.Mseq);
        if (index >= 0) kept.Records[index] = kept.Records[index] with { Text = amendment.Text ?? "", IsRecalled = amendment.Text is null, ChangedBy = record.Mseq };
    }

    private static void Store(Kept kept, MemberChange change)
    {
        var index = kept.Members.FindIndex(member => member.User == change.User && member.ToMseq is null);
        if (index < 0 && change.Role is { } role) kept.Members.Add(new MemberRow(change.User, role, change.ReadsFrom ?? change.AtMseq, null));
        else if (index >= 0) kept.Members[index] = kept.Members[index] with { Role = change.Role ?? kept.Members[index].Role, ToMseq = change.Role is null ? change.AtMseq : null };
    }

    private static List<StoredRecord>? Visible(Kept kept, string? reader)
    {
        if (reader is null) return kept.Records;
        var stays = kept.Members.Where(member => member.User == reader).ToArray();
        return stays.Length == 0 ? null : [.. kept.Records.Where(record => stays.Any(stay => record.Mseq >= stay.FromMseq && record.Mseq <= (stay.ToMseq ?? long.MaxValue)))];
    }

    private static long FirstOf(Kept kept, List<StoredRecord> visible) => visible.Count > 0 ? visible[0].Mseq : kept.Head + 1;

    private static long HeadOf(Kept kept, string? reader) =>
        reader is null || kept.Members.Exists(member => member.User == reader && member.ToMseq is null) ? kept.Head : kept.Members.Where(member => member.User == reader).Max(member => member.ToMseq!.Value);

    private SyncedConversation Synced(AppId app, string user, SyncCursor cursor, int maxGap)
    {
        if (!_conversations.TryGetValue(new ConversationKey(app, new ConversationId(cursor.Conversation)), out var kept))
        {
            var outcome = cursor.Open ? ReadOutcome.Found : ReadOutcome.NoConversation;
            return new SyncedConversation(cursor.Conversation, outcome, Generation, 1, 0, 0, 0, cursor.Epoch == Generation && cursor.Mseq == 0, [], null, null);
        }

        if (Visible(kept, cursor.Open ? null : user) is not { } visible) return new SyncedConversation(cursor.Conversation, ReadOutcome.NotAMember, "", 0, 0, 0, 0, false, [], null, null);
        var head = HeadOf(kept, cursor.Open ? null : user);
        var missing = visible.Where(record => record.Mseq > cursor.Mseq).ToArray();
        var recovered = cursor.Epoch == kept.Epoch && cursor.Mseq <= head && head - cursor.Mseq <= maxGap && missing.Length == head - cursor.Mseq;
        var read = _marks.GetValueOrDefault((app, user, cursor.Conversation)).Read;
        var unread = visible.Count(record => record.Mseq > read && record.Sender != user && !record.IsEvent);
        return new SyncedConversation(cursor.Conversation, ReadOutcome.Found, kept.Epoch, FirstOf(kept, visible), head, read, unread, recovered, recovered ? missing : [.. visible.TakeLast(50)], kept.Name, null)
        {
            IsPresent = cursor.Open || kept.Members.Exists(member => member.User == user && member.ToMseq is null),
        };
    }

    private IEnumerable<SyncedConversation> Own(AppId app, string user) => _conversations
        .Where(pair => pair.Key.App == app && pair.Value.Members.Exists(member => member.User == user && member.ToMseq is null))
        .OrderByDescending(pair => pair.Value.Change)
        .Select(pair => Synced(app, user, new SyncCursor(pair.Key.Conversation.Value, "", 0, false), 0) with { Records = [], IsRecovered = false, Last = pair.Value.Records.LastOrDefault() });

    private IEnumerable<ChangedHead> Heads() => _conversations.Select(pair => new ChangedHead(pair.Key, pair.Value.Epoch, pair.Value.Head, pair.Value.Change, pair.Value.TimestampMs));
}
