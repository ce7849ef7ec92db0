using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.Validation;
using Im.Protocol.Ingress.V1;
using WaitFor = Im.Actors.Edge.WaitFor;

namespace Im.Node.Ingress.Services;

/// <summary>Checks a push, hands it to the broker and answers what was observed.</summary>
internal sealed partial class PushGrpcService(IBroker broker, IngressSettings settings, PushQuota quota, TimeProvider time, ILogger<PushGrpcService> logger)
    : PushService.PushServiceBase
{
    public override async Task<PushToUserResponse> PushToUser(PushToUserRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var user = NameRequest.User(request.User, "user", check);
        var push = new UserPush(
            NameRequest.App(request.App, settings, check), user, "", "", "", null,
            NameRequest.Platforms(request.Platforms, check),
            IdempotencyKey.Read(request.IdempotencyKey, CallerOf(context), check),
            WaitForOf(request.WaitFor, request.HasPersist && !request.Persist, check),
            PushTiming.Timeout(request.TimeoutMs, context, time, check));
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        PushContent.CheckPersist(request.HasPersist, request.Persist, check);
        check.ThrowIfAny();

        using var place = quota.Take(1);
        var result = await broker.PushToUserAsync(With(push, content), context.CancellationToken);
        return result.ToResponse(user);
    }

    public override async Task<PushToUsersResponse> PushToUsers(PushToUsersRequest request, ServerCallContext context)
    {
        var started = time.GetTimestamp();
        var check = new Violations();
        var users = NameRequest.Users(request.Users, distinct: true, check);
        var push = new UserPush(
            NameRequest.App(request.App, settings, check), default, "", "", "", null,
            NameRequest.Platforms(request.Platforms, check),
            IdempotencyKey.Read(request.IdempotencyKey, CallerOf(context), check),
            WaitForOf(request.WaitFor, request.HasPersist && !request.Persist, check),
            PushTiming.Timeout(request.TimeoutMs, context, time, check));
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        PushContent.CheckPersist(request.HasPersist, request.Persist, check);
        check.ThrowIfAny();

        // All at once: a user whose devices are slow must not hold up another's push. The request's bound is the bound.
        using var places = quota.Take(users.Count);
        push = With(push, content);
        var results = await Task.WhenAll(users.Select(user => PushToOneAsync(push with { User = user }, context.CancellationToken)));
        return new PushToUsersResponse { Results = { results }, TookMs = DeliveryMapping.Milliseconds(time.GetElapsedTime(started)) };
    }

    public override async Task<PushToConversationResponse> PushToConversation(PushToConversationRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var room = NameRequest.Room(request.Conv, check);
        var key = IdempotencyKey.Read(request.IdempotencyKey, CallerOf(context), check);
        var timeout = PushTiming.Timeout(request.TimeoutMs, context, time, check);
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        PushContent.CheckPersist(request.HasPersist, request.Persist, check);
        check.ThrowIfAny();

        using var place = quota.Take(1);
        var push = new ConversationPush(app, room, content.From, content.Type, content.Text, content.Ext, key, timeout);
        var result = await broker.PushToConversationAsync(push, context.CancellationToken);
        if (result.Overloaded) throw IngressErrors.Overloaded("the room takes no more pushes at the moment").ToException();
        return new PushToConversationResponse
        {
            Mid = result.MessageId,
            Conv = room.Value,
            Dup = result.Duplicate,
            TookMs = DeliveryMapping.Milliseconds(result.Took),
            Nodes = { result.ToNodes() },
            Partial = result.Partial,
        };
    }

    public override async Task<BroadcastResponse> Broadcast(BroadcastRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var platforms = NameRequest.Platforms(request.Platforms, check);
        var timeout = PushTiming.Timeout(request.TimeoutMs, context, time, check);
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        PushContent.CheckPersist(request.HasPersist, request.Persist, check);
        check.ThrowIfAny();

        using var place = quota.Take(1);
        var push = new AppPush(app, content.From, content.Type, content.Text, content.Ext, platforms, timeout);
        var result = await broker.BroadcastAsync(push, context.CancellationToken);
        if (result.Overloaded) throw IngressErrors.Overloaded("the app takes no more broadcasts at the moment").ToException();
        return new BroadcastResponse
        {
            Mid = result.MessageId,
            TookMs = DeliveryMapping.Milliseconds(result.Took),
            Nodes = { result.ToNodes() },
            Partial = result.Partial,
        };
    }

    private async Task<PushToUserResponse> PushToOneAsync(UserPush push, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        try
        {
            return (await broker.PushToUserAsync(push, cancellation)).ToResponse(push.User);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            // The others' answers stand; of this one nothing was observed.
            OneFailed(logger, error);
            return DeliveryMapping.Unknown(push.User, time.GetElapsedTime(started));
        }
    }

    private static UserPush With(UserPush push, PushContent content) =>
        push with { From = content.From, Type = content.Type, Text = content.Text, Ext = content.Ext };

    private static WaitFor WaitForOf(Protocol.Ingress.V1.WaitFor asked, bool notStored, Violations check) =>
        PushTiming.WaitFor(asked, stored: !notStored, check);

    private static ApiKeyIdentity? CallerOf(ServerCallContext context) => context.GetHttpContext().Features.Get<ApiKeyIdentity>();

    [LoggerMessage(3, LogLevel.Warning, "A push to one of many users failed; it is answered UNKNOWN")]
    private static partial void OneFailed(ILogger logger, Exception error);
}
