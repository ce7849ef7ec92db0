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
    public sealed record Attach(UserKey User, string ConnectionId, IActorRef Connection, string? Device, string? Platform, long Try) : IClusterMessage, IWithUserKey
    {
        /// <summary>Unix milliseconds of its login, for a connection that was attached before: it takes nobody's place who came later. 0 for a new login.</summary>
        public long SinceMs { get; init; }
    }

    /// <summary>A connection that its node holds, told again and again while it lives. Not answered; one that lost its place meanwhile is closed.</summary>
    public sealed record Offer(Attach Attach) : ILocalMessage, IWithUserKey
    {
        public UserKey User => Attach.User;
    }

    /// <summary>Offers of one shard's users, at most 64 KiB; the shard's <see cref="SessionOffersActor"/> hands them on one by one.</summary>
    /// <param name="Shard">Of <see cref="SessionMessageExtractor.ShardOf"/>.</param>
    public sealed record Offers(string Shard, IReadOnlyList<Attach> Connections) : IClusterMessage;

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
    public sealed record Kick(UserKey User, IReadOnlyList<string> Platforms, string Reason) : IClusterMessage, IWithUserKey
    {
        /// <summary>Comes back with the answer.</summary>
        public long Tag { get; init; }
    }

    /// <summary>Tell this connection how the user is: now, and whenever it changes. Answered by <see cref="SessionEvents.Presence"/>; the same again renews it.</summary>
    /// <param name="WatcherId">The connection's id.</param>
    public sealed record Watch(UserKey User, string WatcherId, IActorRef Watcher) : IClusterMessage, IWithUserKey;

    /// <summary>The connection has gone, or looks at others now. Not answered.</summary>
    public sealed record Unwatch(UserKey User, string WatcherId) : IClusterMessage, IWithUserKey;
}

/// <summary>What a SessionActor says.</summary>
public static class SessionEvents
{
    public sealed record Attached(string ConnectionId) : IClusterMessage;

    /// <param name="ByPolicy">True: other connections hold the place, reply 1019 and close 4009. False: a newer attempt of the same device does, close 4204.</param>
    public sealed record AttachRefused(string ConnectionId, bool ByPolicy = false) : IClusterMessage;

    /// <summary>The session moves to a new actor: a connection that still lives sends this once more, with its login's time.</summary>
    public sealed record AttachAgain(SessionCommands.Attach Attach) : IClusterMessage;

    /// <summary>How a user is, told to a watcher.</summary>
    /// <param name="Platforms">Of the user's devices, ordered, each once.</param>
    /// <param name="LastSeenMs">Unix milliseconds of the last connection's end; 0 while online, or when the session does not know it.</param>
    public sealed record Presence(UserKey User, bool IsOnline, IReadOnlyList<string> Platforms, long LastSeenMs) : IClusterMessage;

    /// <summary>The session moves to a new actor: a connection that still watches asks once more.</summary>
    public sealed record WatchAgain(UserKey User) : IClusterMessage;

    /// <summary>The connections that were told to close.</summary>
    public sealed record Kicked(IReadOnlyList<string> ConnectionIds) : IClusterMessage
    {
        /// <summary>Of the question.</summary>
        public long Tag { get; init; }

        /// <summary>A node has not said which connections it holds: there may be more.</summary>
        public bool IsPartial { get; init; }
    }
}

/// <summary>What was observed of one push, told to its collector.</summary>
public static class PushEvents
{
    /// <summary>The devices that the push went to; empty means that the user is offline for it, unless <see cref="IsPartial"/>.</summary>
    public sealed record Routed(string MessageId, bool Duplicate, IReadOnlyList<RoutedDevice> Devices) : IClusterMessage
    {
        /// <summary>A node has not said which connections it holds: there may be more devices.</summary>
        public bool IsPartial { get; init; }
    }

    public sealed record RoutedDevice(string ConnectionId, string Device, string Platform);

    /// <param name="Why">For what is not Written: <c>slow</c> or <c>closed</c>.</param>
    public sealed record DeviceResult(string MessageId, string ConnectionId, Edge.DeliveryState State, string? Why) : IClusterMessage;
}
