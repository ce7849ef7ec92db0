using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Akka.Actor;
using Im.Actors.Conversations.Store;
using Im.Protocol;

namespace Im.Actors.Conversations;

/// <summary>
/// Something that wants to become a record: waits for its turn, is decided against the committed state just before it
/// is appended, and is answered once that is on disk. Used by the owner's log alone.
/// </summary>
internal abstract class LogRequest
{
    /// <summary>Others who asked the same meanwhile; more than these are not answered and ask again.</summary>
    private const int MaxAlsoAsked = 8;

    private List<(IActorRef ReplyTo, long Tag, SendPlace? Place)>? _alsoAsked;

    public required string MessageId { get; init; }

    public required string Sender { get; init; }

    public required string? Cid { get; init; }

    public required IActorRef ReplyTo { get; init; }

    public required long Tag { get; init; }

    public SendPlace? Place { get; init; }

    /// <summary>The sending connection, which gets no push of its own.</summary>
    public string? SenderConnection { get; init; }

    /// <summary>Of the payload as sent.</summary>
    public byte[] Hash { get; protected set; } = [];

    /// <summary>Once it has its number.</summary>
    public StoredRecord? Record { get; set; }

    /// <summary>Grows with what its log takes.</summary>
    public long Order { get; set; }

    /// <summary>It was sent before and may be stored: its cid is looked up before it gets a number.</summary>
    public bool IsUnsure { get; set; }

    /// <summary>True: it travels alone, since what comes behind it is decided on the members after it.</summary>
    public virtual bool ChangesMembers => false;

    public virtual int Bytes => 256;

    /// <summary>Its connection is not in the room: true of this request and its copies, whatever the owner knows.</summary>
    public virtual bool IsOutside => false;

    public (string Sender, string Cid)? Key => Cid is null ? null : (Sender, Cid);

    /// <summary>May it be stored now?</summary>
    public abstract LogDecision Decide(ConversationFacts facts, long nowMs);

    /// <summary>The record, at the number that it is given.</summary>
    public abstract AppendRecord ToRecord(long mseq, long timestampMs);

    /// <summary>Membership changes that go with it.</summary>
    public virtual IReadOnlyList<MemberChange> MemberChanges(long mseq) => [];

    /// <summary>The answer of success.</summary>
    public virtual object Answer(long tag, ConversationFacts facts, bool duplicate, CidRow stored) =>
        new ConversationEvents.Posted(tag, stored.MessageId, stored.Epoch, stored.Mseq, stored.TimestampMs, duplicate);

    /// <summary>Its own place in its connection's window, and those of the same request from elsewhere.</summary>
    public IEnumerable<SendPlace> Places => (_alsoAsked ?? []).Select(also => also.Place).Prepend(Place).OfType<SendPlace>();

    /// <summary>The same request again, or from another place.</summary>
    /// <returns>False: too many wait for its answer already.</returns>
    public bool AlsoAnswer(LogRequest other)
    {
        var (replyTo, tag) = (other.ReplyTo, other.Tag);
        if ((replyTo.Equals(ReplyTo) && tag == Tag) || _alsoAsked?.Exists(also => also.ReplyTo.Equals(replyTo) && also.Tag == tag) == true) return true;
        _alsoAsked ??= new List<(IActorRef, long, SendPlace?)>(1);
        if (_alsoAsked.Count >= MaxAlsoAsked) return false;
        _alsoAsked.Add((replyTo, tag, other.Place));
        return true;
    }

    public void Succeed(ConversationFacts facts, CidRow stored, bool duplicate)
    {
        ReplyTo.Tell(Answer(Tag, facts, duplicate, stored));
        foreach (var (replyTo, tag, _) in _alsoAsked ?? []) replyTo.Tell(Answer(tag, facts, true, stored));
    }

    public void Refuse(LogDecision decision) => Refuse(decision.Code, decision.Field, decision.First);

    public void Refuse(ReplyCode code, string? field = null, long first = 0)
    {
        ReplyTo.Tell(new ConversationEvents.PostRefused(Tag, code) { Field = field, First = first });
        foreach (var (replyTo, tag, _) in _alsoAsked ?? []) replyTo.Tell(new ConversationEvents.PostRefused(tag, code) { Field = field, First = first });
    }

    /// <summary>Length-prefixed, so that no two payloads run into each other.</summary>
    protected static byte[] HashOf(params ReadOnlySpan<string?> parts)
    {
        var length = 0;
        foreach (var part in parts) length += sizeof(int) + Encoding.UTF8.GetByteCount(part ?? "");
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var rest = rented.AsSpan();
            foreach (var part in parts)
            {
                var written = Encoding.UTF8.GetBytes(part ?? "", rest[sizeof(int)..]);
                BitConverter.TryWriteBytes(rest, part is null ? -1 : written);
                rest = rest[(sizeof(int) + written)..];
            }

            return SHA256.HashData(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

/// <param name="Answered">With Success and no record: what was asked holds already, this is the answer.</param>
internal readonly record struct LogDecision(ReplyCode Code, string? Field = null, long First = 0, bool Answered = false)
{
    public static readonly LogDecision Store = new(ReplyCode.Success);

    public bool IsStore => Code == ReplyCode.Success && !Answered;
}
