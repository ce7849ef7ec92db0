using Google.Protobuf;

namespace Im.Actors.Serialization;

/// <summary>One message's form on the wire.</summary>
/// <param name="Manifest">Two letters and the version of the form; sent with every message, never given to another.</param>
internal sealed record ManifestEntry(string Manifest, Type Type, Func<object, IMessage> ToWire, ManifestEntry.Reader Read)
{
    public delegate object Reader(ReadOnlySpan<byte> bytes, References references);

    public static ManifestEntry Of<TMessage, TWire>(string manifest, Func<TMessage, TWire> toWire, Func<TWire, References, TMessage> fromWire)
        where TMessage : class
        where TWire : IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        return new ManifestEntry(manifest, typeof(TMessage), message => toWire((TMessage)message), (bytes, references) => fromWire(parser.ParseFrom(bytes), references));
    }
}
