using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using Code = Google.Rpc.Code;
using NodeFanout = Im.Protocol.Ingress.V1.NodeFanout;
using RpcStatus = Google.Rpc.Status;
using State = Im.Protocol.Ingress.V1.UserDelivery.Types.State;

namespace Im.Node.Ingress.Services;

/// <summary>The broker's results as the protos show them.</summary>
internal static class DeliveryMapping
{
    private const string OnDisk = "disk";

    private const string Nowhere = "none";

    public static PushToUserResponse ToResponse(this UserPushResult result, UserPush push) => new()
    {
        Mid = result.MessageId,
        Conv = ConversationId.Inbox(push.User).Value,
        Epoch = result.Epoch ?? "",
        Mseq = result.Mseq,
        Dup = result.Duplicate,
        Durability = DurabilityOf(result.Mseq),
        TookMs = Milliseconds(result.Took),
        User = Of(push.User.Value, result.State, result.Devices),
    };

    /// <summary>One of many, for which nothing can be said but why.</summary>
    public static PushToUserResponse Failed(UserPush push, RpcStatus error, TimeSpan took) => new()
    {
        Conv = ConversationId.Inbox(push.User).Value,
        Durability = Nowhere,
        TookMs = Milliseconds(took),
        User = new UserDelivery { User = push.User.Value, State = error.Code is (int)Code.Aborted or (int)Code.Internal or (int)Code.DeadlineExceeded ? State.Unknown : State.Failed },
        Error = error,
    };

    public static PushToConversationResponse ToResponse(this FanoutResult result, ConversationPush push) => new()
    {
        Mid = result.MessageId,
        Conv = push.Conversation.Value,
        Epoch = result.Epoch ?? "",
        Mseq = result.Mseq,
        Dup = result.Duplicate,
        Durability = DurabilityOf(result.Mseq),
        TookMs = Milliseconds(result.Took),
        Nodes = { result.ToNodes() },
        Partial = result.Partial,
    };

    public static GetDeliveryResponse ToResponse(this DeliveryResult result) => new()
    {
        Mid = result.MessageId,
        Conv = result.Conversation,
        Epoch = result.Epoch,
        Mseq = result.Mseq,
        User = Of(result.User, result.State, result.Devices),
    };

    public static IEnumerable<NodeFanout> ToNodes(this FanoutResult result) =>
        result.Nodes.Select(node => new NodeFanout { Node = node.Node, Members = node.Members, Queued = node.Queued, Dropped = node.Dropped });

    public static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static string DurabilityOf(long mseq) => mseq > 0 ? OnDisk : Nowhere;

    private static UserDelivery Of(string user, DeliveryState state, IReadOnlyList<Actors.Edge.DeviceDelivery> devices) =>
        new() { User = user, State = ToState(state), Devices = { devices.Select(ToDevice) } };

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
