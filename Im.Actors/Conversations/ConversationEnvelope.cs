using Akka.Actor;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

public enum EnvelopeKind : byte
{
    Entered,
    Exited,

    /// <summary>A numbered record.</summary>
    Record,
    Ephemeral,

    /// <summary>How many members a large room has.</summary>
    Count,

    /// <summary>To one relay: its op had been ordered before, the publish of that may have been lost.</summary>
    Applied,

    /// <summary>A new owner lives and asks the relays for their part.</summary>
    OwnerStarted,

    /// <summary>To every logged-in connection of the app; it has no owner and no order.</summary>
    AppBroadcast,

    /// <summary>A relay was lost with its node: each other relay tells its members of the exits of those whom it knows to have been there.</summary>
    RelayGone,
}

/// <summary>
/// What an owner publishes once and every relay hands out: the finished frames, and what relays need to know without
/// decoding them. Told to the node's publisher; it leaves the node as part of a <see cref="TopicBatch"/>.
/// </summary>
/// <param name="Order">Dense over the enters, exits and ephemerals that one incarnation of the owner published: relays tell new from old by it. Records are told by <paramref name="Epoch"/> and <paramref name="Mseq"/>.</param>
/// <param name="Mseq">The record's number; for other kinds the head, -1 while the owner has not read it.</param>
/// <param name="User">Who entered, left or sent.</param>
/// <param name="Members">Users in the conversation after this, as the owner counts.</param>
/// <param name="TimestampMs">When the owner accepted it, Unix milliseconds.</param>
/// <param name="Relay">Enter, exit and Applied: the relay that asked; it finds its op in <paramref name="Op"/>. RelayGone: the one that is lost.</param>
/// <param name="ExcludeUser">The user gets none of it on any device.</param>
/// <param name="SenderConnection">This connection gets none of it, nor do the sender's level 0 connections.</param>
/// <param name="ReportTo">Told by each relay what its fan-out came to, for <paramref name="MessageId"/>.</param>
public sealed record ConversationEnvelope(
    ConversationKey Conversation,
    EnvelopeKind Kind,
    string Epoch,
    long Order,
    long Mseq,
    string User,
    int Members,
    PushFrames Frames,
    long TimestampMs,
    string? MessageId = null,
    IActorRef? Relay = null,
    long Op = 0,
    bool ExcludeUser = false,
    string? SenderConnection = null,
    IActorRef? ReportTo = null,
    IReadOnlyList<string>? Platforms = null) : ILocalMessage
{
    /// <summary>Of the owner; <see cref="Order"/> is dense inside one.</summary>
    public string Incarnation { get; init; } = "";

    /// <summary>Members of a group that this record brings in; they get it.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Those that it takes out; they get it and none after.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>What one publish carries; at most <see cref="MaxBytes"/> of frames, or one envelope.</summary>
public sealed record TopicBatch(IReadOnlyList<ConversationEnvelope> Envelopes) : IClusterMessage
{
    public const int MaxBytes = 64 * 1024;
}
