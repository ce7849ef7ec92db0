using Im.Actors.Nodes.Gate;

namespace Im.Actors.Serialization;

/// <summary>What a node that stood still asks the others. A standing that this version does not know says nothing.</summary>
internal static class GateMapping
{
    public static Wire.GateAsk ToWire(GateMessages.Ask ask) => new() { At = ask.At, Uid = ask.Uid };

    public static GateMessages.Ask FromWire(Wire.GateAsk wire, References references) => new(wire.At, wire.Uid);

    public static Wire.GateAnswer ToWire(GateMessages.Answer answer) => new() { At = answer.At, Uid = answer.Uid, Standing = ToWire(answer.Standing) };

    public static GateMessages.Answer FromWire(Wire.GateAnswer wire, References references) => new(wire.At, wire.Uid, FromWire(wire.Standing));

    private static Wire.GateStanding ToWire(GateStanding standing) => standing switch
    {
        GateStanding.Up => Wire.GateStanding.Up,
        GateStanding.Unreachable => Wire.GateStanding.Unreachable,
        GateStanding.Out => Wire.GateStanding.Out,
        _ => Wire.GateStanding.Unspecified,
    };

    private static GateStanding FromWire(Wire.GateStanding standing) => standing switch
    {
        Wire.GateStanding.Up => GateStanding.Up,
        Wire.GateStanding.Unreachable => GateStanding.Unreachable,
        Wire.GateStanding.Out => GateStanding.Out,
        _ => GateStanding.Unsure,
    };
}
