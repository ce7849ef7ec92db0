using Akka.Actor;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>What a SessionActor is asked to do.</summary>
public static class SessionCommands
{
    /// <summary>A connection has logged in as this user. Answered by Attached or AttachRefused.</summary>
    /// <param name="Device">Null for a level 0 client: each of its connections is a device of its own.</param>
    /// <param name="Try">The client's count of attempts of this device.</param>
    public sealed record Attach(UserKey User, string ConnectionId, IActorRef Connection, string? Device, string? Platform, long Try) : IClusterMessage, IWithUserKey;

    /// <summary>The connection has ended. Not answered; of an unknown connection it changes nothing.</summary>
    public sealed record Detach(UserKey User, string ConnectionId) : IClusterMessage, IWithUserKey;

    /// <summary>Hand frames to the user's devices. <see cref="PushEvents.Routed"/> goes to <paramref name="ReplyTo"/>, then one PushEvents.DeviceResult per device.</summary>
    /// <param name="Platforms">Only devices of these platforms; empty means all.</param>
    public sealed record Push(UserKey User, string MessageId, PushFrames Frames, IReadOnlyList<string> Platforms, IActorRef ReplyTo) : IClusterMessage, IWithUserKey
    {
        /// <summary>Of a stored record its place; null for what is not numbered.</summary>
        public RecordPlace? Record { get; init; }

        /// <summary>This connection sent it and gets none of it.</summary>
        public string? SenderConnection { get; init; }

        /// <summary>The conversation's owner: told by ConversationCommands.Routed that the session has it.</summary>
        public IActorRef? Owner { get; init; }
    }

    /// <summary>Close the user's connections (of these platforms, or all). Answered by <see cref="SessionEvents.Kicked"/>.</summary>
    public sealed record Kick(UserKey User, IReadOnlyList<string> Platforms, string Reason) : IClusterMessage, IWithUserKey;
}

/// <summary>What a SessionActor says.</summary>
public static class SessionEvents
{
    public sealed record Attached(string ConnectionId) : IClusterMessage;

    /// <summary>A newer attempt of the same device holds the session: close 4204.</summary>
    public sealed record AttachRefused(string ConnectionId) : IClusterMessage;

    /// <summary>The session moves to a new actor: a connection that still lives sends this once more.</summary>
    public sealed record AttachAgain(SessionCommands.Attach Attach) : IClusterMessage;

    /// <summary>The connections that were told to close.</summary>
    public sealed record Kicked(IReadOnlyList<string> ConnectionIds) : IClusterMessage;
}

/// <summary>What was observed of one push, told to its collector.</summary>
public static class PushEvents
{
    /// <summary>The devices that the push went to; empty means that the user is offline for it.</summary>
    public sealed record Routed(string MessageId, bool Duplicate, IReadOnlyList<RoutedDevice> Devices) : IClusterMessage;

    public sealed record RoutedDevice(string ConnectionId, string Device, string Platform);

    /// <param name="Why">For what is not Written: <c>slow</c> or <c>closed</c>.</param>
    public sealed record DeviceResult(string MessageId, string ConnectionId, Edge.DeliveryState State, string? Why) : IClusterMessage;
}
