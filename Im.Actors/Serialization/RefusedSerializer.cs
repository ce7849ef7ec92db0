using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Im.Actors.Serialization;

/// <summary>
/// Stands where Akka has a serializer that makes an object of any type that the bytes name: nothing goes out by it and nothing comes
/// in.
/// </summary>
internal abstract class RefusedSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} has no form that may leave the node.");

    public override object FromBinary(byte[] bytes, Type? type) => throw new SerializationException("A message by a serializer that is not in use here.");
}

/// <summary>Instead of Newtonsoft.Json.</summary>
/// <param name="settings">Of the serializer that it replaces; Akka hands them over.</param>
internal sealed class RefusedJsonSerializer(ExtendedActorSystem system, Config settings) : RefusedSerializer(system)
{
    public Config Settings { get; } = settings;

    public override int Identifier => 1;
}

/// <summary>Instead of the one for any protobuf class.</summary>
internal sealed class RefusedProtobufSerializer(ExtendedActorSystem system) : RefusedSerializer(system)
{
    public override int Identifier => 2;
}

/// <summary>Instead of the one that starts actors on another node.</summary>
internal sealed class RefusedDeploymentSerializer(ExtendedActorSystem system) : RefusedSerializer(system)
{
    public override int Identifier => 3;
}
