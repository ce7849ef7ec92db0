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
        if (query.After is not null) wire.After = query.After;
        return wire;
    }

    public static NodeQueries.GetUsers FromWire(Wire.GetUsers wire, References references) =>
        new(new AppId(wire.App), wire.HasRoom ? NameMapping.Conversation(wire.Room) : null) { After = wire.HasAfter ? wire.After : null };

    public static Wire.GetConnections ToWire(NodeQueries.GetConnections query)
    {
        var wire = new Wire.GetConnections { User = query.User.ToWire() };
        if (query.After is not null) wire.After = query.After;
        return wire;
    }

    public static NodeQueries.GetConnections FromWire(Wire.GetConnections wire, References references) => new(wire.User.FromWire()) { After = wire.HasAfter ? wire.After : null };

    public static Wire.GetHeld ToWire(NodeQueries.GetHeld query) => new() { Number = query.Number, Users = { query.Users.Select(user => user.ToWire()) } };

    public static NodeQueries.GetHeld FromWire(Wire.GetHeld wire, References references) => new(wire.Number, [.. wire.Users.Select(user => user.FromWire())]);

    public static Wire.Held ToWire(NodeAnswers.Held held) =>
        new() { Number = held.Number, Connections = { held.Connections.Select(SessionMapping.ToWire) }, IsLast = held.IsLast };

    public static NodeAnswers.Held FromWire(Wire.Held wire, References references) =>
        new(wire.Number, [.. wire.Connections.Select(attach => SessionMapping.FromWire(attach, references))], wire.IsLast);

    public static Wire.GetMembers ToWire(NodeQueries.GetMembers query) => new() { Conversation = query.Conversation.ToWire() };

    public static NodeQueries.GetMembers FromWire(Wire.GetMembers wire, References references) => new(wire.Conversation.FromWire());

    public static Wire.Members ToWire(NodeAnswers.Members members) => new()
    {
        Conversation = members.Conversation.ToWire(),
        Relay = References.Write(members.Relay),
        Op = members.Op,
        Names = { members.Names },
        IsLast = members.IsLast,
    };

    public static NodeAnswers.Members FromWire(Wire.Members wire, References references) =>
        new(wire.Conversation.FromWire(), references.Read(wire.Relay), wire.Op, [.. wire.Names], wire.IsLast);

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

    public static Wire.Users ToWire(NodeAnswers.Users users) => new() { Names = { users.Names }, More = users.More };

    public static NodeAnswers.Users FromWire(Wire.Users wire, References references) => new([.. wire.Names]) { More = wire.More };

    public static Wire.Connections ToWire(NodeAnswers.Connections connections) => new() { Infos = { connections.Infos.Select(ToWire) }, More = connections.More };

    public static NodeAnswers.Connections FromWire(Wire.Connections wire, References references) => new([.. wire.Infos.Select(FromWire)]) { More = wire.More };

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
