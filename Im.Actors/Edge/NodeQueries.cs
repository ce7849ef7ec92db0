using Im.Actors.Messages;
using Im.Protocol.Names;

namespace Im.Actors.Edge;

/// <summary>What an edge asks every node; answered by its NodeActor.</summary>
public static class NodeQueries
{
    public sealed record GetOnline(AppId App, IReadOnlyList<UserId> Users) : IClusterMessage;

    /// <param name="Room">Null: the logged-in users of the app.</param>
    public sealed record GetUsers(AppId App, ConversationId? Room) : IClusterMessage;

    public sealed record GetConnections(UserKey User) : IClusterMessage;

    public sealed record Disconnect(AppId App, string ConnectionId, string Reason) : IClusterMessage;

    public sealed record GetState(int MaxNames) : IClusterMessage;
}

public static class NodeAnswers
{
    /// <param name="Platforms">Of the users asked for, those online here, with their platforms.</param>
    public sealed record Online(IReadOnlyDictionary<string, IReadOnlyList<string>> Platforms) : IClusterMessage;

    public sealed record Users(IReadOnlyList<string> Names) : IClusterMessage;

    public sealed record Connections(IReadOnlyList<ConnectionInfo> Infos) : IClusterMessage;

    /// <param name="ConnectionId">Null: it is not on this node.</param>
    public sealed record Disconnected(string? ConnectionId) : IClusterMessage;

    public sealed record State(NodeState Node) : IClusterMessage;
}
