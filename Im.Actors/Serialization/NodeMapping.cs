using Im.Actors.Edge;
using Im.Protocol.Names;

namespace Im.Actors.Serialization;

/// <summary>What an edge asks every node, and the answers.</summary>
internal static class NodeMapping
{
    public static Wire.GetOnline ToWire(NodeQueries.GetOnline query) => new() { App = query.App.Value, Users = { query.Users.Select(user => user.Value) } };

    public static NodeQueries.GetOnline FromWire(Wire.GetOnline wire, References references) => new(new AppId(wire.App), [.. wire.Users.Select(NameMapping.User)]);

    public static Wire.GetUsers ToWire(NodeQueries.GetUsers query)
    {
        var wire = new Wire.GetUsers { App = query.App.Value };
        if (query.Room is { } room) wire.Room = room.Value;
        return wire;
    }

    public static NodeQueries.GetUsers FromWire(Wire.GetUsers wire, References references) =>
        new(new AppId(wire.App), wire.HasRoom ? NameMapping.Conversation(wire.Room) : null);

    public static Wire.GetConnections ToWire(NodeQueries.GetConnections query) => new() { User = query.User.ToWire() };

    public static NodeQueries.GetConnections FromWire(Wire.GetConnections wire, References references) => new(wire.User.FromWire());

    public static Wire.Disconnect ToWire(NodeQueries.Disconnect query) => new() { App = query.App.Value, ConnectionId = query.ConnectionId, Reason = query.Reason };

    public static NodeQueries.Disconnect FromWire(Wire.Disconnect wire, References references) => new(new AppId(wire.App), wire.ConnectionId, wire.Reason);

    public static Wire.GetState ToWire(NodeQueries.GetState query) => new() { MaxNames = query.MaxNames };

    public static NodeQueries.GetState FromWire(Wire.GetState wire, References references) => new(wire.MaxNames);

    public static Wire.Online ToWire(NodeAnswers.Online online) =>
        new() { Users = { online.Platforms.Select(user => new Wire.OnlineUser { Name = user.Key, Platforms = { user.Value } }) } };

    public static NodeAnswers.Online FromWire(Wire.Online wire, References references)
    {
        var platforms = new Dictionary<string, IReadOnlyList<string>>(wire.Users.Count);
        foreach (var user in wire.Users) platforms[user.Name] = [.. user.Platforms.Select(NameMapping.PlatformName)];
        return new NodeAnswers.Online(platforms);
    }

    public static Wire.Users ToWire(NodeAnswers.Users users) => new() { Names = { users.Names } };

    public static NodeAnswers.Users FromWire(Wire.Users wire, References references) => new([.. wire.Names]);

    public static Wire.Connections ToWire(NodeAnswers.Connections connections) => new() { Infos = { connections.Infos.Select(ToWire) } };

    public static NodeAnswers.Connections FromWire(Wire.Connections wire, References references) => new([.. wire.Infos.Select(FromWire)]);

    public static Wire.Disconnected ToWire(NodeAnswers.Disconnected disconnected)
    {
        var wire = new Wire.Disconnected();
        if (disconnected.ConnectionId is not null) wire.ConnectionId = disconnected.ConnectionId;
        return wire;
    }

    public static NodeAnswers.Disconnected FromWire(Wire.Disconnected wire, References references) => new(wire.HasConnectionId ? wire.ConnectionId : null);

    public static Wire.State ToWire(NodeAnswers.State state)
    {
        var node = state.Node;
        return new Wire.State
        {
            Node = node.Node,
            Version = node.Version,
            Connections = node.Connections,
            LoggedIn = node.LoggedIn,
            Users = node.Users,
            Sessions = node.Sessions,
            Conversations = node.Conversations,
            Actors = node.Actors,
            Threads = node.Threads,
            HeapBytes = node.HeapBytes,
            RssBytes = node.RssBytes,
            ProcessorCount = node.ProcessorCount,
            UsersByApp = { node.UsersByApp.ToDictionary() },
            Names = node.Names is null ? null : new Wire.Names { Clients = { node.Names.Clients }, Users = { node.Names.Users }, Truncated = node.Names.Truncated },
            Answered = node.Answered,
        };
    }

    public static NodeAnswers.State FromWire(Wire.State wire, References references) => new(new NodeState(
        wire.Node,
        wire.Version,
        wire.Connections,
        wire.LoggedIn,
        wire.Users,
        wire.Sessions,
        wire.Conversations,
        wire.Actors,
        wire.Threads,
        wire.HeapBytes,
        wire.RssBytes,
        wire.ProcessorCount,
        wire.UsersByApp.ToDictionary(),
        wire.Names is null ? null : new NodeNames([.. wire.Names.Clients], [.. wire.Names.Users], wire.Names.Truncated),
        wire.Answered));

    private static Wire.Connection ToWire(ConnectionInfo info)
    {
        var wire = new Wire.Connection
        {
            ConnectionId = info.ConnectionId,
            Node = info.Node,
            Level = info.Level,
            Platform = info.Platform,
            RemoteAddress = info.RemoteAddress,
            LoggedInAtMs = info.LoggedInAt.ToUnixTimeMilliseconds(),
        };
        if (info.Device is not null) wire.Device = info.Device;
        return wire;
    }

    private static ConnectionInfo FromWire(Wire.Connection wire) => new(
        wire.ConnectionId,
        wire.Node,
        wire.Level,
        wire.HasDevice ? wire.Device : null,
        wire.Platform,
        wire.RemoteAddress,
        DateTimeOffset.FromUnixTimeMilliseconds(wire.LoggedInAtMs));
}
