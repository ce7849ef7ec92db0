using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Cluster;
using Im.Actors.Downing;

namespace Im.Actors.Serialization;

internal static class DowningMapping
{
    public static Wire.Refused ToWire(RefusalMessages.Refused refused) => new() { Node = ToWire(refused.Node), By = ToWire(refused.By) };

    public static RefusalMessages.Refused FromWire(Wire.Refused wire, References references) => new(FromWire(wire.Node), FromWire(wire.By));

    private static Wire.Incarnation ToWire(UniqueAddress node) => new() { Address = node.Address.ToString(), Uid = node.Uid };

    private static UniqueAddress FromWire(Wire.Incarnation? wire) =>
        wire is not null && Address.TryParse(wire.Address, out var address) && address.Host is not null && address.Port is not null
            ? new UniqueAddress(address, checked((int)wire.Uid))
            : throw new SerializationException("A node without an address.");
}
