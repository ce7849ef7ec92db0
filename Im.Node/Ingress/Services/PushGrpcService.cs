using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.Validation;
using Im.Protocol;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Services;

/// <summary>Checks a push, hands it to the broker and answers what was observed.</summary>
internal sealed partial class PushGrpcService(
    IBroker broker, PushCalls calls, PushRequests requests, PushQuota quota, IngressSettings settings, TimeProvider time, PushStreams streams, ILogger<PushGrpcService> logger)
    : PushService.PushServiceBase
{
    public override Task<PushToUserResponse> PushToUser(PushToUserRequest request, ServerCallContext context) => calls.PushAsync(request, context);

    public override async Task<PushToUsersResponse> PushToUsers(PushToUsersRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var pushes = requests.Read(request, context);

        // All at once: a user whose devices are slow must not hold up another's push, and one commit takes many. The bound is the request's.
        using var places = quota.Take(pushes.Count);
        var results = await Task.WhenAll(pushes.Select(push => PushToOneAsync(push, context.CancellationToken)));
        return new PushToUsersResponse { Results = { results }, TookMs = DeliveryMapping.Milliseconds(time.GetElapsedTime(started)) };
    }

    public override Task<PushToConversationResponse> PushToConversation(PushToConversationRequest request, ServerCallContext context) => calls.PushAsync(request, context);

    public override async Task<BroadcastResponse> Broadcast(BroadcastRequest request, ServerCallContext context)
    {
        var push = requests.Read(request, context);
        using var place = quota.Take(1);
        var result = await broker.BroadcastAsync(push, context.CancellationToken);
        if (result.Code != ReplyCode.Success) throw IngressErrors.Overloaded("the app takes no more broadcasts at the moment").ToException();
        return new BroadcastResponse
        {
            Mid = result.MessageId,
            TookMs = DeliveryMapping.Milliseconds(result.Took),
            Nodes = { result.ToNodes() },
            Partial = result.Partial,
        };
    }

    public override async Task PushStream(IAsyncStreamReader<PushStreamRequest> requestStream, IServerStreamWriter<PushStreamResponse> responseStream, ServerCallContext context)
    {
        streams.Enter(context.GetHttpContext().Response);
        using var call = new PushStreamCall(calls, logger, context);
        await call.RunAsync(requestStream, responseStream, streams.Stopping);
    }

    public override async Task<GetDeliveryResponse> GetDelivery(GetDeliveryRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var messageId = NameRequest.MessageId(request.Mid, check);
        check.ThrowIfAny();

        var found = await broker.FindDeliveryAsync(app, messageId, context.CancellationToken);
        return found.Code switch
        {
            ReplyCode.Success => found.ToResponse(),
            ReplyCode.NoData => throw IngressRefusals.NoSuchDelivery(messageId).ToException(),
            _ => throw IngressRefusals.CannotRead().ToException(),
        };
    }

    private async Task<PushToUserResponse> PushToOneAsync(UserPush push, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        try
        {
            return await calls.PushAsync(push, cancellation);
        }
        catch (RpcException refusal)
        {
            return DeliveryMapping.Failed(push, refusal.ToStatus(), time.GetElapsedTime(started));
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // The others' answers stand; of this one nothing was observed.
            OneFailed(logger, error);
            return DeliveryMapping.Failed(push, IngressErrors.Internal(), time.GetElapsedTime(started));
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "A push to one of many users failed; it is answered UNKNOWN")]
    private static partial void OneFailed(ILogger logger, Exception error);
}
