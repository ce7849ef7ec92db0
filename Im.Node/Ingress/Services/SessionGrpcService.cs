using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.Validation;
using Im.Protocol.Ingress.V1;
using ClosedConnection = Im.Protocol.Ingress.V1.ClosedConnection;

namespace Im.Node.Ingress.Services;

internal sealed class SessionGrpcService(IBroker broker, IngressSettings settings, TimeProvider time) : SessionService.SessionServiceBase
{
    public override async Task<KickResponse> Kick(KickRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var user = NameRequest.User(request.User, "user", check);
        var platforms = NameRequest.Platforms(request.Platforms, check);
        var reason = NameRequest.Reason(request.Reason, "kicked", check);
        var timeout = PushTiming.Timeout(0, context, time, check);
        check.ThrowIfAny();

        var result = await broker.KickAsync(app, user, platforms, reason, timeout, context.CancellationToken);
        return new KickResponse { Closed = { result.Closed.Select(ToProto) }, Partial = result.Partial };
    }

    public override async Task<DisconnectResponse> Disconnect(DisconnectRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var connection = NameRequest.ConnectionId(request.Connection, check);
        var reason = NameRequest.Reason(request.Reason, "disconnected", check);
        check.ThrowIfAny();

        var result = await broker.DisconnectAsync(app, connection, reason, context.CancellationToken);
        return new DisconnectResponse { Closed = { result.Closed.Select(ToProto) }, Partial = result.Partial };
    }

    public override async Task<RevokeTokensResponse> RevokeTokens(RevokeTokensRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var user = NameRequest.User(request.User, "user", check);
        var tokenId = NameRequest.TokenId(request.TokenId, check);
        if (request.IssuedBeforeMs is < 0 or > IngressLimits.MaxUnixMilliseconds)
            check.Add("issuedBeforeMs", $"{request.IssuedBeforeMs}: give unix milliseconds, or leave it out for now.");
        else if (request.IssuedBeforeMs > 0 && tokenId.Length > 0)
            check.Add("issuedBeforeMs", "tokenId names one token, whenever it was issued: give one of the two.");
        if (request.TokenEndsMs is < 0 or > IngressLimits.MaxUnixMilliseconds)
            check.Add("tokenEndsMs", $"{request.TokenEndsMs}: give unix milliseconds, or leave it out to keep the revocation for good.");
        else if (request.TokenEndsMs > 0 && tokenId.Length == 0)
            check.Add("tokenEndsMs", "it is the end of the token with tokenId: give both.");
        check.ThrowIfAny();

        var before = request.IssuedBeforeMs == 0 ? time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(request.IssuedBeforeMs);
        DateTimeOffset? ends = request.TokenEndsMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(request.TokenEndsMs);
        var number = await broker.RevokeTokensAsync(app, user, tokenId.Length == 0 ? null : tokenId, before, ends, context.CancellationToken);
        return new RevokeTokensResponse { Number = number };
    }

    private static ClosedConnection ToProto(Actors.Edge.ClosedConnection closed) => new() { Connection = closed.ConnectionId, Node = closed.Node };
}
