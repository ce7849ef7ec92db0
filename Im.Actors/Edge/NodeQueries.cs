using Akka.Actor;
using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>What an edge asks every node; answered by its NodeActor.</summary>
public static class NodeQueries
{
    public sealed record GetOnline(AppId App, IReadOnlyList<UserId> Users) : IClusterMessage;

    /// <param name="Room">Null: the logged-in users of the app.</param>
    public sealed record GetUsers(AppId App, ConversationId? Room) : IClusterMessage
    {
        /// <summary>Only names after this one in ordinal order; null begins.</summary>
        public string? After { get; init; }
    }

    public sealed record GetConnections(UserKey User) : IClusterMessage
    {
        /// <summary>Only connections after this id in ordinal order; null begins.</summary>
        public string? After { get; init; }
    }

    /// <summary>Which connections of these users are here? Answered by <see cref="NodeAnswers.Held"/>, in as many parts as it takes.</summary>
    /// <param name="Number">Comes back with the answer.</param>
    public sealed record GetHeld(long Number, IReadOnlyList<UserKey> Users) : IClusterMessage;

    /// <summary>Who of this node is in the room? Answered by its relay, with <see cref="NodeAnswers.Members"/>.</summary>
    public sealed record GetMembers(ConversationKey Conversation) : IClusterMessage;

    public sealed record Disconnect(AppId App, string ConnectionId, string Reason) : IClusterMessage;

    public sealed record GetState(int MaxNames) : IClusterMessage;
}

public static class NodeAnswers
{
    /// <param name="Platforms">Of the users asked for, those online here, with their platforms.</param>
    public sealed record Online(IReadOnlyDictionary<string, IReadOnlyList<string>> Platforms) : IClusterMessage;

    /// <summary>One page, in ordinal order.</summary>
    public sealed record Users(IReadOnlyList<string> Names) : IClusterMessage
    {
        /// <summary>There are names after the last one here.</summary>
        public bool More { get; init; }
    }

    /// <summary>One page, in ordinal order of the ids.</summary>
    public sealed record Connections(IReadOnlyList<ConnectionInfo> Infos) : IClusterMessage
    {
        public bool More { get; init; }
    }

    /// <param name="Connections">As they would attach again; nothing of users who are not here.</param>
    /// <param name="IsLast">No further part of this answer follows.</param>
    public sealed record Held(long Number, IReadOnlyList<Sessions.SessionCommands.Attach> Connections, bool IsLast) : IClusterMessage;

    /// <param name="Op">The relay's last op of this room that was ordered; <paramref name="Names"/> are those in it after that.</param>
    /// <param name="Names">More than a relay remembers of another: only so many that it sees that.</param>
    /// <param name="IsLast">No further part of this answer follows.</param>
    public sealed record Members(ConversationKey Conversation, IActorRef Relay, long Op, IReadOnlyList<string> Names, bool IsLast) : IClusterMessage;

    /// <param name="ConnectionId">Null: it is not on this node.</param>
    public sealed record Disconnected(string? ConnectionId) : IClusterMessage;

    public sealed record State(NodeState Node) : IClusterMessage;
}
