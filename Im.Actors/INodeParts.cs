namespace Im.Actors;

/// <summary>Told when a part of the node can serve and when it no longer can; the host's readiness needs all of them.</summary>
public interface INodeParts
{
    /// <param name="part">One of <see cref="NodePart"/>.</param>
    void Ready(string part);

    /// <summary>The part cannot serve at present.</summary>
    /// <param name="part">One of <see cref="NodePart"/>.</param>
    /// <param name="why">A few words without control characters.</param>
    void NotReady(string part, string why);

    /// <summary>The part has ended and does not come back in this process.</summary>
    /// <param name="part">One of <see cref="NodePart"/>.</param>
    /// <param name="why">One line for the operator.</param>
    void Lost(string part, string why);
}

public static class NodePart
{
    /// <summary>The shard regions have a coordinator.</summary>
    public const string Regions = "regions";

    /// <summary>Every relay is subscribed to its topics.</summary>
    public const string Relays = "relays";

    /// <summary>This node has not stood still, or the others have confirmed it since.</summary>
    public const string Gate = "gate";
}
