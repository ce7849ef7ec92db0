using Im.Protocol;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>What the sender of a push waits for.</summary>
public enum WaitFor
{
    Stored,
    Written,
    Acked,
}

/// <summary>What was observed of a push on one device.</summary>
public enum DeliveryState
{
    /// <summary>The node that holds the user did not answer in time.</summary>
    Unknown,
    Offline,

    /// <summary>Handed to the connection; its socket has not taken it yet.</summary>
    Pending,
    Failed,
    Stored,

    /// <summary>The kernel took the frame's last byte.</summary>
    Written,
    Acked,
}

/// <param name="Cmd">The push's command, <c>msg</c> unless the seed's gRPC names another.</param>
/// <param name="Seq">The push's seq as the seed's callers choose it; null takes the message id.</param>
/// <param name="Ext">A JSON object as text, or null.</param>
/// <param name="Platforms">Only devices of these platforms; empty means all.</param>
/// <param name="IdempotencyKey">1–64 characters: the same key of the same sender to the same user again is answered <c>Duplicate</c> and not sent; null for none.</param>
public sealed record UserPush(
    AppId App,
    UserId User,
    string From,
    string Type,
    string Text,
    string? Ext,
    IReadOnlyList<string> Platforms,
    string? IdempotencyKey,
    WaitFor WaitFor,
    TimeSpan Timeout,
    string Cmd = "msg",
    string? Seq = null)
{
    /// <summary>Whose idempotency keys these are: what is the same key of another is another key.</summary>
    public string Sender { get; init; } = "api";

    /// <summary>True: a record of the user's inbox. False: to who is connected, kept nowhere.</summary>
    public bool Persist { get; init; }

    /// <summary>With <see cref="Persist"/>: after it only a tombstone is read. Null: never.</summary>
    public TimeSpan? TimeToLive { get; init; }
}

/// <param name="State">The highest of the devices; at least Stored when it is stored.</param>
public sealed record UserPushResult(string MessageId, bool Duplicate, DeliveryState State, IReadOnlyList<DeviceDelivery> Devices, TimeSpan Took)
{
    /// <summary>Success, or why it was not done. OutcomeUnknown: it may be stored; the same key again finds out.</summary>
    public ReplyCode Code { get; init; } = ReplyCode.Success;

    /// <summary>Null when it was not stored.</summary>
    public string? Epoch { get; init; }

    /// <summary>The record's number, 0 when it was not stored.</summary>
    public long Mseq { get; init; }
}

/// <param name="Code">Success, NoData, or Overloaded when the store cannot be read.</param>
public sealed record DeliveryResult(ReplyCode Code, string MessageId, string User, string Conversation, string Epoch, long Mseq, DeliveryState State, IReadOnlyList<DeviceDelivery> Devices)
{
    public static DeliveryResult Refused(ReplyCode code, string messageId) => new(code, messageId, "", "", "", 0, DeliveryState.Unknown, []);
}

/// <param name="Device">The device's id, or the connection's for a level 0 client.</param>
/// <param name="ConnectionId">Empty when only the store knows of the device.</param>
/// <param name="Why">For PENDING and FAILED: <c>slow</c>, <c>closed</c>, <c>timeout</c>; null while its result is awaited.</param>
public sealed record DeviceDelivery(string Device, string Platform, string ConnectionId, DeliveryState State, string? Why, TimeSpan Took);

/// <param name="ExcludeUser">Gets none of it: the user that the seed's sendMessageAll names as sender.</param>
/// <param name="Numbered">True: a record, stored. False: ephemeral.</param>
public sealed record ConversationPush(
    AppId App,
    ConversationId Conversation,
    string From,
    string Type,
    string Text,
    string? Ext,
    string? IdempotencyKey,
    TimeSpan Timeout,
    bool Numbered = false,
    UserId? ExcludeUser = null,
    string Cmd = "msg",
    string? Seq = null)
{
    /// <summary>Whose idempotency keys these are.</summary>
    public string Sender { get; init; } = "api";

    /// <summary>Of a record: after it only a tombstone is read. Null: never.</summary>
    public TimeSpan? TimeToLive { get; init; }
}

public sealed record AppPush(AppId App, string From, string Type, string Text, string? Ext, IReadOnlyList<string> Platforms, TimeSpan Timeout);

/// <param name="Code">Success, or why it was not done. OutcomeUnknown: it may be stored; the same key again finds out.</param>
/// <param name="Partial">True: at least one node did not answer in time; its counts are missing.</param>
/// <param name="Mseq">The record's number, 0 for an ephemeral push.</param>
public sealed record FanoutResult(string MessageId, bool Duplicate, ReplyCode Code, string? Epoch, long Mseq, IReadOnlyList<NodeFanout> Nodes, bool Partial, TimeSpan Took);

/// <param name="Members">Connections on the node that the push was for.</param>
/// <param name="Queued">Of those, connections whose outbound slot took the frame.</param>
/// <param name="Dropped">Of those, connections too slow to take it.</param>
public sealed record NodeFanout(string Node, int Members, int Queued, int Dropped);
