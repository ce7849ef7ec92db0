using Grpc.Core;
using Im.Node.Ingress.ApiKeys;
using Im.Protocol;
using Im.Protocol.Compat;
using Im.Protocol.Names;

namespace Im.Node.Compat;

/// <summary>The seed's gRPC service. It speaks of failures by retCode, never by a gRPC status, but for a missing
/// API key (UNAUTHENTICATED) or scope (PERMISSION_DENIED).</summary>
internal sealed partial class AccService(SeedOperations operations, HttpAccess access, ILogger<AccService> logger) : AccServer.AccServerBase
{
    public override async Task<QueryUsersOnlineRsp> QueryUsersOnline(QueryUsersOnlineReq request, ServerCallContext context)
    {
        Authorize(context, ApiKeyScopes.Presence);
        var online = await TryAsync(() => operations.IsOnlineAsync(request.AppID, request.UserID, context.CancellationToken), context);
        var code = online is null ? ReplyCode.ServerError : ReplyCode.Success;
        return new QueryUsersOnlineRsp { RetCode = (uint)code, ErrMsg = code.Text(), Online = online ?? false };
    }

    public override async Task<SendMsgRsp> SendMsg(SendMsgReq request, ServerCallContext context)
    {
        Authorize(context, ApiKeyScopes.Push);
        var message = new SeedMessage(request.AppID, request.UserID, request.Seq, request.Cms, request.Msg, Once: false);
        var result = request.IsLocal
            ? new SeedSendResult(ReplyCode.BadParameter)
            : await TryAsync(() => operations.SendAsync(message, context.CancellationToken), context);
        var code = result switch
        {
            null => ReplyCode.ServerError,
            { Code: ReplyCode.Success, Sent: false } => ReplyCode.ServerError,
            _ => result.Code,
        };
        return new SendMsgRsp { RetCode = (uint)code, ErrMsg = code.Text() };
    }

    public override async Task<SendMsgAllRsp> SendMsgAll(SendMsgAllReq request, ServerCallContext context)
    {
        Authorize(context, ApiKeyScopes.Push);
        var message = new SeedMessage(request.AppID, request.UserID, request.Seq, request.Cms, request.Msg, Once: false);
        var code = (await TryAsync(() => operations.SendAllAsync(message, context.CancellationToken), context))?.Code ?? ReplyCode.ServerError;
        return new SendMsgAllRsp { RetCode = (uint)code, ErrMsg = code.Text() };
    }

    public override async Task<GetUserListRsp> GetUserList(GetUserListReq request, ServerCallContext context)
    {
        Authorize(context, ApiKeyScopes.Presence);
        var list = await TryAsync(
            async () => (await operations.ListUsersAsync(request.AppID, ConversationId.Lobby, context.CancellationToken)).Users, context);
        var code = list is null ? ReplyCode.ServerError : ReplyCode.Success;
        return new GetUserListRsp { RetCode = (uint)code, ErrMsg = code.Text(), UserID = { list ?? [] } };
    }

    private void Authorize(ServerCallContext context, string scope)
    {
        Status? refused = access.Check(context.GetHttpContext().Request, scope) switch
        {
            Access.KeyNeeded => new Status(StatusCode.Unauthenticated, "An API key is needed (x-api-key or authorization: Bearer)."),
            Access.ScopeNeeded => new Status(StatusCode.PermissionDenied, $"The API key lacks the scope '{scope}'."),
            _ => null,
        };
        if (refused is { } status) throw new RpcException(status);
    }

    /// <returns>Default when the operation failed; the failure is in the log.</returns>
    private async Task<T?> TryAsync<T>(Func<Task<T>> operation, ServerCallContext context)
    {
        try
        {
            return await operation();
        }
        catch (Exception failure) when (!context.CancellationToken.IsCancellationRequested)
        {
            LogFailure(logger, failure, context.Method);
            return default;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed: {Method}")]
    private static partial void LogFailure(ILogger logger, Exception failure, string method);
}
