using System.Runtime.Serialization;
using Im.Actors.Connections;
using Im.Actors.Edge;
using Im.Actors.Relays;
using Im.Actors.Sessions;
using Im.Protocol;

namespace Im.Actors.Serialization;

/// <summary>Pushes from a session to its connections, and what is observed of them.</summary>
internal static class PushMapping
{
    public static Wire.Push ToWire(SessionCommands.Push push)
    {
        var wire = new Wire.Push
        {
            User = push.User.ToWire(),
            MessageId = push.MessageId,
            Frames = push.Frames.ToWire(),
            Platforms = { push.Platforms },
            ReplyTo = References.Write(push.ReplyTo),
            Record = push.Record?.ToWire(),
        };
        if (push.SenderConnection is not null) wire.SenderConnection = push.SenderConnection;
        if (push.Owner is not null) wire.Owner = References.Write(push.Owner);
        return wire;
    }

    public static SessionCommands.Push FromWire(Wire.Push wire, References references) =>
        new(wire.User.FromWire(), wire.MessageId, wire.Frames.FromWire(), [.. wire.Platforms], references.Read(wire.ReplyTo))
        {
            Record = wire.Record?.FromWire(),
            SenderConnection = wire.HasSenderConnection ? wire.SenderConnection : null,
            Owner = wire.HasOwner ? references.Read(wire.Owner) : null,
        };

    public static Wire.Deliver ToWire(ConnectionCommands.Deliver deliver) => new()
    {
        MessageId = deliver.MessageId,
        Frames = deliver.Frames.ToWire(),
        ReplyTo = References.Write(deliver.ReplyTo),
        Record = deliver.Record?.ToWire(),
    };

    public static ConnectionCommands.Deliver FromWire(Wire.Deliver wire, References references) =>
        new(wire.MessageId, wire.Frames.FromWire(), references.Read(wire.ReplyTo)) { Record = wire.Record?.FromWire() };

    public static Wire.Close ToWire(ConnectionCommands.Close close)
    {
        var wire = new Wire.Close { Code = (int)close.Code, Reason = close.Reason, TellKicked = close.TellKicked };
        if (close.Platform is not null) wire.Platform = close.Platform;
        if (close.Device is not null) wire.Device = close.Device;
        return wire;
    }

    public static ConnectionCommands.Close FromWire(Wire.Close wire, References references) =>
        new((CloseCode)wire.Code, wire.Reason, wire.TellKicked, wire.HasPlatform ? NameMapping.PlatformName(wire.Platform) : null, wire.HasDevice ? wire.Device : null);

    public static Wire.PushRouted ToWire(PushEvents.Routed routed) => new()
    {
        MessageId = routed.MessageId,
        Duplicate = routed.Duplicate,
        Devices = { routed.Devices.Select(device => new Wire.RoutedDevice { ConnectionId = device.ConnectionId, Device = device.Device, Platform = device.Platform }) },
        IsPartial = routed.IsPartial,
    };

    public static PushEvents.Routed FromWire(Wire.PushRouted wire, References references) => new(
        wire.MessageId,
        wire.Duplicate,
        [.. wire.Devices.Select(device => new PushEvents.RoutedDevice(device.ConnectionId, device.Device, NameMapping.PlatformName(device.Platform)))]) { IsPartial = wire.IsPartial };

    public static Wire.DeviceResult ToWire(PushEvents.DeviceResult result)
    {
        var wire = new Wire.DeviceResult { MessageId = result.MessageId, ConnectionId = result.ConnectionId, State = ToWire(result.State) };
        if (result.Why is not null) wire.Why = result.Why;
        return wire;
    }

    public static PushEvents.DeviceResult FromWire(Wire.DeviceResult wire, References references) =>
        new(wire.MessageId, wire.ConnectionId, FromWire(wire.State), wire.HasWhy ? wire.Why : null);

    public static Wire.FanoutReport ToWire(RelayEvents.FanoutReport report) => new()
    {
        MessageId = report.MessageId,
        Node = report.Node,
        Members = report.Members,
        Queued = report.Queued,
        Dropped = report.Dropped,
    };

    public static RelayEvents.FanoutReport FromWire(Wire.FanoutReport wire, References references) =>
        new(wire.MessageId, wire.Node, wire.Members, wire.Queued, wire.Dropped);

    private static Wire.DeliveryState ToWire(DeliveryState state) => state switch
    {
        DeliveryState.Offline => Wire.DeliveryState.Offline,
        DeliveryState.Pending => Wire.DeliveryState.Pending,
        DeliveryState.Failed => Wire.DeliveryState.Failed,
        DeliveryState.Stored => Wire.DeliveryState.Stored,
        DeliveryState.Written => Wire.DeliveryState.Written,
        DeliveryState.Acked => Wire.DeliveryState.Acked,
        _ => Wire.DeliveryState.Unknown,
    };

    private static DeliveryState FromWire(Wire.DeliveryState state) => state switch
    {
        Wire.DeliveryState.Unknown => DeliveryState.Unknown,
        Wire.DeliveryState.Offline => DeliveryState.Offline,
        Wire.DeliveryState.Pending => DeliveryState.Pending,
        Wire.DeliveryState.Failed => DeliveryState.Failed,
        Wire.DeliveryState.Stored => DeliveryState.Stored,
        Wire.DeliveryState.Written => DeliveryState.Written,
        Wire.DeliveryState.Acked => DeliveryState.Acked,
        _ => throw new SerializationException("A delivery state that this version does not know."),
    };
}
