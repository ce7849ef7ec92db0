using Im.Actors.Conversations;

namespace Im.Actors.Serialization;

/// <summary>What owners publish to the relays.</summary>
internal static class TopicMapping
{
    public static Wire.TopicBatch ToWire(TopicBatch batch) => new() { Envelopes = { batch.Envelopes.Select(ToWire) } };

    /// <summary>A kind of a later version is passed over; it alone, not the batch.</summary>
    public static TopicBatch FromWire(Wire.TopicBatch wire, References references)
    {
        var envelopes = new List<ConversationEnvelope>(wire.Envelopes.Count);
        foreach (var envelope in wire.Envelopes)
        {
            if (Kind(envelope.Kind) is { } kind) envelopes.Add(FromWire(envelope, kind, references));
        }

        return new TopicBatch(envelopes);
    }

    private static Wire.Envelope ToWire(ConversationEnvelope envelope)
    {
        var wire = new Wire.Envelope
        {
            Conversation = envelope.Conversation.ToWire(),
            Kind = Kind(envelope.Kind),
            Epoch = envelope.Epoch,
            Order = envelope.Order,
            Mseq = envelope.Mseq,
            User = envelope.User,
            Members = envelope.Members,
            Frames = envelope.Frames.ToWire(),
            TimestampMs = envelope.TimestampMs,
            Op = envelope.Op,
            ExcludeUser = envelope.ExcludeUser,
            Incarnation = envelope.Incarnation,
            Added = { envelope.Added },
            Removed = { envelope.Removed },
        };
        if (envelope.MessageId is not null) wire.MessageId = envelope.MessageId;
        if (envelope.Relay is not null) wire.Relay = References.Write(envelope.Relay);
        if (envelope.SenderConnection is not null) wire.SenderConnection = envelope.SenderConnection;
        if (envelope.ReportTo is not null) wire.ReportTo = References.Write(envelope.ReportTo);
        if (envelope.Platforms is not null) wire.Platforms = new Wire.Platforms { Names = { envelope.Platforms } };
        return wire;
    }

    private static ConversationEnvelope FromWire(Wire.Envelope wire, EnvelopeKind kind, References references) => new(
        wire.Conversation.FromWire(),
        kind,
        wire.Epoch,
        wire.Order,
        wire.Mseq,
        wire.User,
        wire.Members,
        wire.Frames.FromWire(),
        wire.TimestampMs,
        wire.HasMessageId ? wire.MessageId : null,
        wire.HasRelay ? references.Read(wire.Relay) : null,
        wire.Op,
        wire.ExcludeUser,
        wire.HasSenderConnection ? wire.SenderConnection : null,
        wire.HasReportTo ? references.Read(wire.ReportTo) : null,
        wire.Platforms is null ? null : [.. wire.Platforms.Names.Select(NameMapping.PlatformName)])
    {
        Incarnation = wire.Incarnation,
        Added = [.. wire.Added],
        Removed = [.. wire.Removed],
    };

    private static Wire.EnvelopeKind Kind(EnvelopeKind kind) => kind switch
    {
        EnvelopeKind.Entered => Wire.EnvelopeKind.Entered,
        EnvelopeKind.Exited => Wire.EnvelopeKind.Exited,
        EnvelopeKind.Record => Wire.EnvelopeKind.Record,
        EnvelopeKind.Ephemeral => Wire.EnvelopeKind.Ephemeral,
        EnvelopeKind.Count => Wire.EnvelopeKind.Count,
        EnvelopeKind.Applied => Wire.EnvelopeKind.Applied,
        EnvelopeKind.OwnerStarted => Wire.EnvelopeKind.OwnerStarted,
        EnvelopeKind.RelayGone => Wire.EnvelopeKind.RelayGone,
        _ => Wire.EnvelopeKind.AppBroadcast,
    };

    private static EnvelopeKind? Kind(Wire.EnvelopeKind kind) => kind switch
    {
        Wire.EnvelopeKind.Entered => EnvelopeKind.Entered,
        Wire.EnvelopeKind.Exited => EnvelopeKind.Exited,
        Wire.EnvelopeKind.Record => EnvelopeKind.Record,
        Wire.EnvelopeKind.Ephemeral => EnvelopeKind.Ephemeral,
        Wire.EnvelopeKind.Count => EnvelopeKind.Count,
        Wire.EnvelopeKind.Applied => EnvelopeKind.Applied,
        Wire.EnvelopeKind.OwnerStarted => EnvelopeKind.OwnerStarted,
        Wire.EnvelopeKind.AppBroadcast => EnvelopeKind.AppBroadcast,
        Wire.EnvelopeKind.RelayGone => EnvelopeKind.RelayGone,
        _ => null,
    };
}
