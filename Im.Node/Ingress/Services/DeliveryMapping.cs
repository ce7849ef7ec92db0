using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using NodeFanout = Im.Protocol.Ingress.V1.NodeFanout;
using State = Im.Protocol.Ingress.V1.UserDelivery.Types.State;

namespace Im.Node.Ingress.Services;

/// <summary>The broker's results as the protos show them.</summary>
internal static class DeliveryMapping
{
    public static PushToUserResponse ToResponse(this UserPushResult result, UserId user) => new()
    {
        Mid = result.MessageId,
        Conv = ConversationId.Inbox(user).Value,
        Dup = result.Duplicate,
        TookMs = Milliseconds(result.Took),
        User = new UserDelivery { User = user.Value, State = ToState(result.State), Devices = { result.Devices.Select(ToDevice) } },
    };

    /// <summary>For a push whose outcome could not be observed.</summary>
    public static PushToUserResponse Unknown(UserId user, TimeSpan took) => new()
    {
        Conv = ConversationId.Inbox(user).Value,
        TookMs = Milliseconds(took),
        User = new UserDelivery { User = user.Value, State = State.Unknown },
    };

    public static IEnumerable<NodeFanout> ToNodes(this FanoutResult result) =>
        result.Nodes.Select(node => new NodeFanout { Node = node.Node, Members = node.Members, Queued = node.Queued, Dropped = node.Dropped });

    public static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static Protocol.Ingress.V1.DeviceDelivery ToDevice(Actors.Edge.DeviceDelivery device) => new()
    {
        Device = device.Device,
        Platform = device.Platform,
        Connection = device.ConnectionId,
        State = ToState(device.State),
        Ms = Milliseconds(device.Took),
        Why = device.Why ?? "",
    };

    private static State ToState(DeliveryState state) => state switch
    {
        DeliveryState.Offline => State.Offline,
        DeliveryState.Pending => State.Pending,
        DeliveryState.Failed => State.Failed,
        DeliveryState.Stored => State.Stored,
        DeliveryState.Written => State.Written,
        DeliveryState.Acked => State.Acked,
        _ => State.Unknown,
    };
}
