using Akka.Actor;
using Im.Actors.Connections;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Messages;
using Im.Actors.Telemetry;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Relays;

/// <summary>
/// The records of a relay's conversations, handed out in the order of mseq without holes: pub-sub is a hint, what it lost is
/// read from the store before anything later goes out (rules.md §4). One conversation's gap stops no other.
/// </summary>
/// <remarks>
/// Per conversation at most <see cref="MaxHeldCount"/> records are held, for at most <see cref="MaxGap"/>; then its level 2 members get
/// <c>sync_required</c> and read for themselves.
/// </remarks>
internal sealed class RelayRecords(RelayContext context, IActorRef self, Action<LocalRoom, ConversationEnvelope> handOut)
{
    public const int MaxHeldCount = 256;

    public static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(2);

    /// <summary>A catch-up older than that is nothing that an old client should see as new.</summary>
    private const long Level0MaxAgeMs = 10_000;

    private const int PageCount = 200;

    private readonly HashSet<LocalRoom> _gaps = [];

    /// <summary>What was read to fill a gap.</summary>
    internal sealed record Fetched(ConversationKey Conversation, HistoryPage Page) : ILocalMessage;

    public void OnRecord(LocalRoom room, ConversationEnvelope envelope)
    {
        if (room.Epoch != envelope.Epoch) Restart(room, envelope.Epoch, envelope.Mseq - 1);
        if (room.Last < 0) room.Last = envelope.Mseq - 1;
        if (envelope.Mseq <= room.Last)
        {
            envelope.ReportTo?.Tell(new RelayEvents.FanoutReport(envelope.MessageId!, context.Node, 0, 0, 0));
            return;
        }

        if (envelope.Mseq == room.Last + 1)
        {
            HandOut(room, envelope);
            HandOutHeld(room);
            return;
        }

        Gap(room, envelope.Mseq);
        if (room.Held.Count < MaxHeldCount) room.Held[envelope.Mseq] = envelope;
        else GiveUp(room);
    }

    /// <summary>Somebody who knows says how far the conversation is.</summary>
    public void OnHead(LocalRoom room, string epoch, long head)
    {
        if (head < 0 || epoch.Length == 0) return;
        if (room.Epoch != epoch) Restart(room, epoch, head);
        if (room.Last < 0) room.Last = head;
        if (head > room.Last) Gap(room, head);
    }

    /// <summary>A member comes in that reads for itself up to there: while this relay is behind its log the member gets nothing older from it (rules.md §3).</summary>
    public void OnMember(LocalRoom room, ConnectionSlot slot, string epoch, long mseq)
    {
        if (room.Last < 0) OnHead(room, epoch, mseq);
        if (room.Epoch == epoch) room.SetPlace(slot, mseq);
    }

    public void OnFetched(LocalRoom room, HistoryPage page)
    {
        room.IsFetching = false;
        if (page.Outcome != ReadOutcome.Found || !_gaps.Contains(room)) return;
        if (page.Epoch != room.Epoch)
        {
            Restart(room, page.Epoch, page.Head);
            RequireSync(room);
            return;
        }

        if (page.First > room.Last + 1 && page.Head > room.Last)
        {
            room.Last = page.First - 1;
            RequireSync(room);
        }

        foreach (var record in page.Records.Where(record => record.Mseq > room.Last))
        {
            if (record.Mseq != room.Last + 1) break;
            ImMetrics.RelayGapFilled(1);
            HandOut(room, room.Held.Remove(record.Mseq, out var held) ? held : Envelope(room, record));
        }

        HandOutHeld(room);
        if (_gaps.Contains(room)) Fetch(room);
    }

    /// <summary>Gaps that last too long are left to the clients; called about once a second.</summary>
    public void Sweep(long nowMs)
    {
        foreach (var room in _gaps.ToArray())
        {
            if (nowMs - room.GapSinceMs >= MaxGap.TotalMilliseconds) GiveUp(room);
            else Fetch(room);
        }
    }

    public void Forget(LocalRoom room) => _gaps.Remove(room);

    private void HandOut(LocalRoom room, ConversationEnvelope envelope)
    {
        room.Last = envelope.Mseq;
        context.Heads.Note(room.Key, envelope.Epoch, envelope.Mseq);
        handOut(room, envelope);
    }

    private void HandOutHeld(LocalRoom room)
    {
        while (room.Held.Count > 0 && room.Held.Remove(room.Last + 1, out var next)) HandOut(room, next);
        foreach (var old in room.Held.Keys.Where(mseq => mseq <= room.Last).ToArray()) room.Held.Remove(old);
        if (room.Held.Count == 0 && room.KnownHead <= room.Last) _gaps.Remove(room);
    }

    private void Gap(LocalRoom room, long head)
    {
        room.KnownHead = Math.Max(room.KnownHead, head);
        if (_gaps.Add(room))
        {
            room.GapSinceMs = context.NowMs;
            ImMetrics.RelayGap();
        }

        Fetch(room);
    }

    private void Fetch(LocalRoom room)
    {
        if (room.IsFetching) return;
        room.IsFetching = true;
        var key = room.Key;
        context.Store.ReadAsync(new HistoryQuery(key, null, null, room.Last, PageCount))
            .PipeTo(self, self, page => new Fetched(key, page), _ => new Fetched(key, HistoryPage.Of(ReadOutcome.Unavailable)));
    }

    private void GiveUp(LocalRoom room)
    {
        var last = Math.Max(room.KnownHead, room.Held.Count > 0 ? room.Held.Keys.Max() : 0);
        foreach (var held in room.Held.Values) held.ReportTo?.Tell(new RelayEvents.FanoutReport(held.MessageId!, context.Node, 0, 0, 0));
        room.Held.Clear();
        room.Last = Math.Max(room.Last, last);
        _gaps.Remove(room);
        RequireSync(room);
    }

    private void Restart(LocalRoom room, string epoch, long last)
    {
        room.Epoch = epoch;
        room.Last = last;
        room.KnownHead = last;
        room.ForgetPlaces();
        room.Held.Clear();
        _gaps.Remove(room);
    }

    private void RequireSync(LocalRoom room)
    {
        ImMetrics.RelayGaveUp();
        var conversation = room.Key.Conversation.Value;
        var frame = new Frame(PushWriter.SyncRequired(Ulid.New(context.Time.GetUtcNow()), [conversation]), FrameKind.Record, conversation);
        handOut(room, new ConversationEnvelope(room.Key, EnvelopeKind.Count, room.Epoch!, 0, room.Last, "", room.Members, new PushFrames(null, frame), 0));
    }

    private ConversationEnvelope Envelope(LocalRoom room, StoredRecord record)
    {
        var conversation = room.Key.Conversation.Value;
        var members = GroupEvent.Of(record);
        var old = record.IsEvent || context.Time.GetUtcNow().ToUnixTimeMilliseconds() - record.TimestampMs > Level0MaxAgeMs;
        var frames = new PushFrames(
            old ? null : new Frame(RecordWriter.Level0Push(record, null, null), FrameKind.Record, conversation),
            new Frame(RecordWriter.Push(record, conversation, room.Epoch!), FrameKind.Record, conversation));
        return new ConversationEnvelope(room.Key, EnvelopeKind.Record, room.Epoch!, 0, record.Mseq, record.From, room.Members, frames, record.TimestampMs, record.MessageId, SenderConnection: "")
        {
            Added = members.Added,
            Removed = members.Removed,
        };
    }
}
