using System.Globalization;

namespace Im.Protocol.Names;

/// <summary>One tenant, the seed's appId. Users, conversations and pushes never cross it.</summary>
public readonly record struct AppId(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
