using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.Validation;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using ConnectionInfo = Im.Actors.Edge.ConnectionInfo;
using State = Im.Protocol.Ingress.V1.UserPresence.Types.State;

namespace Im.Node.Ingress.Services;

internal sealed class PresenceGrpcService(IBroker broker, IngressSettings settings) : PresenceService.PresenceServiceBase
{
    public override async Task<QueryOnlineResponse> QueryOnline(QueryOnlineRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var users = NameRequest.Users(request.Users, distinct: false, check);
        check.ThrowIfAny();

        var found = await broker.QueryOnlineAsync(app, [.. users.Distinct()], context.CancellationToken);
        var byUser = found.ToDictionary(presence => presence.User);
        return new QueryOnlineResponse { Users = { users.Select(user => ToProto(user, byUser.GetValueOrDefault(user))) } };
    }

    public override async Task<ListUsersResponse> ListUsers(ListUsersRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        ConversationId? room = request.Conv.Length == 0 ? null : NameRequest.Room(request.Conv, check);
        var size = Paging.Size(request.PageSize, check);
        var query = $"users {app} {request.Conv}";
        var after = Paging.After(request.PageToken, query, check);
        check.ThrowIfAny();

        var page = await broker.ListUsersAsync(app, room, size, after, context.CancellationToken);
        return new ListUsersResponse
        {
            Users = { page.Users.Select(user => user.Value) },
            Total = page.Total,
            NextPageToken = Paging.Token(page.Next, query),
            Partial = page.Partial,
        };
    }

    public override async Task<ListConnectionsResponse> ListConnections(ListConnectionsRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var user = NameRequest.User(request.User, "user", check);
        var size = Paging.Size(request.PageSize, check);
        var query = $"connections {app} {user}";
        var after = Paging.After(request.PageToken, query, check);
        check.ThrowIfAny();

        var list = await broker.ListConnectionsAsync(app, user, context.CancellationToken);
        var rest = list.Connections
            .Where(connection => after is null || string.CompareOrdinal(connection.ConnectionId, after) > 0)
            .OrderBy(connection => connection.ConnectionId, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();
        return new ListConnectionsResponse
        {
            Connections = { rest.Take(size).Select(ToProto) },
            NextPageToken = Paging.Token(rest.Count > size ? rest[size - 1].ConnectionId : null, query),
            Partial = list.Partial,
        };
    }

    /// <param name="presence">Null when the broker's answer says nothing of the user.</param>
    private static Protocol.Ingress.V1.UserPresence ToProto(UserId user, Actors.Edge.UserPresence? presence) => new()
    {
        User = user.Value,
        State = presence?.Online switch { true => State.Online, false => State.Offline, null => State.Unknown },
        Platforms = { presence?.Online == true ? presence.Platforms : [] },
    };

    private static Connection ToProto(ConnectionInfo connection) => new()
    {
        Connection_ = connection.ConnectionId,
        Node = connection.Node,
        Level = connection.Level,
        Device = connection.Device ?? "",
        Platform = connection.Platform,
        RemoteAddress = connection.RemoteAddress,
        LoggedInAt = Timestamp.FromDateTimeOffset(connection.LoggedInAt),
    };
}
