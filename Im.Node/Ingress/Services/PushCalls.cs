using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.Validation;
using Im.Protocol;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Services;

/// <summary>One push each: checked, handed to the broker, and answered with what was observed or the RpcException that says why not.</summary>
internal sealed class PushCalls(IBroker broker, PushRequests requests, PushQuota quota)
{
    public async Task<PushToUserResponse> PushAsync(PushToUserRequest request, ServerCallContext context)
    {
        var push = requests.Read(request, context);
        using var place = quota.Take(1);
        return await PushAsync(push, context.CancellationToken);
    }

    /// <summary>A push that is checked and has its place.</summary>
    public async Task<PushToUserResponse> PushAsync(UserPush push, CancellationToken cancellation)
    {
        var result = await broker.PushToUserAsync(push, cancellation);
        return IngressRefusals.Of(result.Code, result.MessageId, push.IdempotencyKey, $"u:{push.User}") is { } refusal ? throw refusal.ToException() : result.ToResponse(push);
    }

    public async Task<PushToConversationResponse> PushAsync(PushToConversationRequest request, ServerCallContext context)
    {
        var push = requests.Read(request, context);
        using var place = quota.Take(1);
        var result = await broker.PushToConversationAsync(push, context.CancellationToken);
        if (result.Code == ReplyCode.Overloaded && !push.Numbered) throw IngressErrors.Overloaded("the conversation takes no more pushes at the moment").ToException();
        return IngressRefusals.Of(result.Code, result.MessageId, push.IdempotencyKey, push.Conversation.Value) is { } refusal ? throw refusal.ToException() : result.ToResponse(push);
    }
}
