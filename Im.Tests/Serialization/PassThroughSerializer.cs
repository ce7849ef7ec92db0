using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Im.Tests.Serialization;

/// <summary>Hands on what Akka's own actors tell each other on one node, which has no form on the wire; refuses every type of ours.</summary>
internal sealed class PassThroughSerializer(ExtendedActorSystem system, Config settings) : Serializer(system)
{
    private static readonly ConcurrentDictionary<int, object> Under = new();
    private static int s_last;

    public Config Settings { get; } = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        if (obj.GetType().Assembly.GetName().Name!.StartsWith("Im.", StringComparison.Ordinal)) throw new SerializationException($"{obj.GetType()} is neither a cluster message nor marked local.");
        var key = Interlocked.Increment(ref s_last);
        Under[key] = obj;
        return BitConverter.GetBytes(key);
    }

    public override object FromBinary(byte[] bytes, Type? type) =>
        Under.TryRemove(BitConverter.ToInt32(bytes), out var found) ? found : throw new SerializationException("It was read before.");
}
