using Im.Actors.Messages;

namespace Im.Actors.Links;

/// <summary>Which region takes an item, when no actor is named.</summary>
internal enum LinkRegion : byte
{
    None,
    Sessions,
    Conversations,
}

/// <summary>What the two ends of a link say to each other.</summary>
internal static class LinkMessages
{
    /// <summary>The sending end asks for a receiving end, until it has one.</summary>
    /// <param name="Link">Of this sending end.</param>
    public sealed record Hello(long Link) : IClusterMessage;

    /// <summary>From the receiving end.</summary>
    public sealed record Opened(long Link) : IClusterMessage;

    /// <param name="Number">Dense per link; without items it is the last one's again, and asks for its ack.</param>
    public sealed record Batch(long Number, IReadOnlyList<LinkItem> Items) : IClusterMessage
    {
        /// <summary>Of the items' bodies and what is around them; a batch that would be larger is closed before.</summary>
        public const int MaxBytes = 64 * 1024;
    }

    /// <summary>All batches up to this one have been handed on, or were lost on the way.</summary>
    public sealed record Ack(long Number) : IClusterMessage;
}

/// <summary>One message, as its serializer wrote it.</summary>
/// <param name="Receiver">Path of an actor; empty for an entity of <paramref name="Region"/>.</param>
/// <param name="Sender">Path of the sender; empty for none.</param>
internal sealed record LinkItem(string Receiver, LinkRegion Region, string Sender, string Manifest, ReadOnlyMemory<byte> Body)
{
    /// <summary>What it adds to a batch, at most: paths are written once a batch.</summary>
    public int Bytes => Body.Length + Manifest.Length + Receiver.Length + Sender.Length + 16;
}
