using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;

namespace Im.Actors.Serialization;

/// <summary>
/// What nodes say to each other, as protobuf: the one way out for an <see cref="Messages.IClusterMessage"/>. What it does not know it
/// refuses; there is no other serializer to fall back to.
/// </summary>
/// <remarks>
/// A message above <see cref="MaxBytes"/> is refused where it is sent, with an error in the log, and is lost as any message may be: its
/// sender repeats it or answers that its time is over. The transport would drop it without a word.
/// </remarks>
internal sealed class ClusterMessageSerializer : SerializerWithStringManifest
{
    /// <summary>The longest text of a message that an operator may allow.</summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>Twelve times the longest text (each of its bytes escaped to six, for two levels) and what is around it.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly References _references;

    public ClusterMessageSerializer(ExtendedActorSystem system)
        : base(system) => _references = new References(system);

    /// <summary>Part of the wire: never changes.</summary>
    public override int Identifier => 1180;

    public override string Manifest(object o) => EntryOf(o).Manifest;

    public override byte[] ToBinary(object obj)
    {
        var entry = EntryOf(obj);
        var wire = entry.ToWire(obj);
        var size = wire.CalculateSize();
        return size <= MaxBytes ? wire.ToByteArray() : throw new SerializationException($"{entry.Type.Name} has {size} bytes, at most {MaxBytes} may leave the node.");
    }

    public override object FromBinary(byte[] bytes, string manifest) => Read(bytes, manifest);

    /// <exception cref="SerializationException">It is no message that this version knows.</exception>
    public object Read(ReadOnlySpan<byte> bytes, string manifest)
    {
        if (!ClusterManifests.ByManifest.TryGetValue(manifest, out var entry)) throw new SerializationException("A message with a manifest that this version does not know.");
        if (bytes.Length > MaxBytes) throw new SerializationException($"{entry.Type.Name} with {bytes.Length} bytes, at most {MaxBytes} are taken.");
        try
        {
            return entry.Read(bytes, _references);
        }
        catch (Exception malformed) when (malformed is InvalidProtocolBufferException or ArgumentException or OverflowException)
        {
            throw new SerializationException($"{entry.Type.Name} that is no message.", malformed);
        }
    }

    private static ManifestEntry EntryOf(object message) =>
        ClusterManifests.ByType.TryGetValue(message.GetType(), out var entry) ? entry : throw new SerializationException($"{message.GetType()} has no form that may leave the node.");
}
