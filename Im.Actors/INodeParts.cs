namespace Im.Actors;

/// <summary>Told when a part of the node can serve; the host's readiness waits for all of them.</summary>
public interface INodeParts
{
    /// <param name="part">One of <see cref="NodePart"/>.</param>
    void Ready(string part);

    /// <summary>It cannot serve any more, or for now.</summary>
    /// <param name="why">A few words without control characters.</param>
    void NotReady(string part, string why);
}

public static class NodePart
{
    /// <summary>The shard regions have a coordinator.</summary>
    public const string Regions = "regions";

    /// <summary>Every relay is subscribed to its topics.</summary>
    public const string Relays = "relays";
}
