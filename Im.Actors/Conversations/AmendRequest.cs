using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>An edit or recall that wants to be stored as an event. The record that it is about was read before; those recalled since are looked up in the log.</summary>
internal sealed class AmendRequest : LogRequest
{
    private readonly ConversationCommands.Amend _amend;
    private readonly ConversationSettings _settings;
    private readonly Func<long, bool> _recalledSince;

    public AmendRequest(ConversationCommands.Amend amend, ConversationSettings settings, Func<long, bool> recalledSince)
    {
        _amend = amend;
        _settings = settings;
        _recalledSince = recalledSince;
        Hash = HashOf("amend", amend.Mseq.ToString(null, null), amend.Text);
    }

    /// <summary>As the store had it; null when it has none at that number.</summary>
    public StoredRecord? Target { get; private set; }

    /// <summary>False until it was its turn and the record that it is about was read.</summary>
    public bool HasRead { get; private set; }

    public bool IsRecall => _amend.Text is null;

    public long TargetMseq => _amend.Mseq;

    public override bool IsOutside => _amend.IsOutside;

    public void Read(StoredRecord? target)
    {
        Target = target;
        HasRead = true;
    }

    public static AmendRequest Of(ConversationCommands.Amend amend, ConversationSettings settings, Func<long, bool> recalledSince) => new(amend, settings, recalledSince)
    {
        MessageId = amend.MessageId,
        Sender = amend.User.Value,
        Cid = amend.Cid,
        ReplyTo = amend.ReplyTo,
        Tag = amend.Tag,
        Place = amend.Place,
        SenderConnection = amend.SenderConnection,
    };

    public override LogDecision Decide(ConversationFacts facts, long nowMs)
    {
        if (_amend.IsOutside) return new LogDecision(ReplyCode.NotAMember, "conv");
        if (facts.Kind == ConversationKind.Group && !facts.Exists) return new LogDecision(ReplyCode.NoSuchConversation, "conv");
        if (facts.Kind == ConversationKind.Group && !facts.IsMember(Sender)) return new LogDecision(ReplyCode.NotAMember, "conv");
        if (facts.Kind is ConversationKind.Pair or ConversationKind.Inbox && !facts.NamedUsers.Contains(Sender)) return new LogDecision(ReplyCode.Forbidden, "conv");
        if (_amend.Mseq < facts.First) return new LogDecision(ReplyCode.RangeNotKept, "mseq", facts.First);
        if (Target is null) return new LogDecision(ReplyCode.NoData, "mseq");
        if (Target.Sender != Sender || Target.IsEvent) return new LogDecision(Target.IsEvent ? ReplyCode.OperationFailed : ReplyCode.Forbidden, "mseq");
        if (facts.Kind == ConversationKind.Group && facts.Members[Sender] == MemberRole.Muted) return new LogDecision(ReplyCode.Muted, "conv");
        if (Target.IsRecalled || _recalledSince(_amend.Mseq)) return new LogDecision(ReplyCode.OperationFailed, "mseq");
        return nowMs - Target.TimestampMs > _settings.AmendWindow.TotalMilliseconds ? new LogDecision(ReplyCode.OperationFailed, "mseq") : LogDecision.Store;
    }

    public override AppendRecord ToRecord(long mseq, long timestampMs)
    {
        var buffer = WireBuffer.Create();
        buffer.Raw(IsRecall ? "{\"op\":\"recall\",\"mseq\":"u8 : "{\"op\":\"edit\",\"mseq\":"u8);
        buffer.Number(_amend.Mseq);
        buffer.Raw("}"u8);
        var ext = System.Text.Encoding.UTF8.GetString(buffer.Written);
        var record = new StoredRecord(mseq, MessageId, Sender, Sender, Cid, StoredRecord.EventType, _amend.Text ?? "", ext, timestampMs);
        return new AppendRecord(record, Hash, new Amendment(_amend.Mseq, _amend.Text));
    }
}
