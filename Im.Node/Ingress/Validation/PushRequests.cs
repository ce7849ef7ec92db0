using Grpc.Core;
using Im.Actors.Edge;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Errors;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.Validation;

/// <summary>Pushes as the broker takes them. Each method throws the RpcException that names everything that is wrong.</summary>
internal sealed class PushRequests(IngressSettings settings, TimeProvider time)
{
    public UserPush Read(PushToUserRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var persist = !request.HasPersist || request.Persist;
        var user = NameRequest.User(request.User, "user", check);
        var push = new UserPush(
            NameRequest.App(request.App, settings, check), user, "", "", "", null,
            NameRequest.Platforms(request.Platforms, check),
            IdempotencyKey.Read(request.IdempotencyKey, check),
            PushTiming.WaitFor(request.WaitFor, persist, check),
            PushTiming.Timeout(request.TimeoutMs, context, time, check))
        {
            Sender = SenderOf(context),
            Persist = persist,
            TimeToLive = PushTiming.TimeToLive(request.TtlMs, persist, check),
        };
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        check.ThrowIfAny();
        return push with { From = content.From, Type = content.Type, Text = content.Text, Ext = content.Ext };
    }

    /// <returns>One push for each user, in the order of the request.</returns>
    public IReadOnlyList<UserPush> Read(PushToUsersRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var persist = !request.HasPersist || request.Persist;
        var users = NameRequest.Users(request.Users, distinct: true, check);
        var push = new UserPush(
            NameRequest.App(request.App, settings, check), default, "", "", "", null,
            NameRequest.Platforms(request.Platforms, check),
            IdempotencyKey.Read(request.IdempotencyKey, check),
            PushTiming.WaitFor(request.WaitFor, persist, check),
            PushTiming.Timeout(request.TimeoutMs, context, time, check))
        {
            Sender = SenderOf(context),
            Persist = persist,
            TimeToLive = PushTiming.TimeToLive(request.TtlMs, persist, check),
        };
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        check.ThrowIfAny();
        return [.. users.Select(user => push with { User = user, From = content.From, Type = content.Type, Text = content.Text, Ext = content.Ext })];
    }

    public ConversationPush Read(PushToConversationRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var persist = !request.HasPersist || request.Persist;
        var app = NameRequest.App(request.App, settings, check);
        var conversation = NameRequest.RoomOrGroup(request.Conv, check);
        var key = IdempotencyKey.Read(request.IdempotencyKey, check);
        var timeout = PushTiming.Timeout(request.TimeoutMs, context, time, check);
        var timeToLive = PushTiming.TimeToLive(request.TtlMs, persist, check);
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        check.ThrowIfAny();
        return new ConversationPush(app, conversation, content.From, content.Type, content.Text, content.Ext, key, timeout, Numbered: persist)
        {
            Sender = SenderOf(context),
            TimeToLive = timeToLive,
        };
    }

    public AppPush Read(BroadcastRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var platforms = NameRequest.Platforms(request.Platforms, check);
        var timeout = PushTiming.Timeout(request.TimeoutMs, context, time, check);
        var content = PushContent.Read(request.From, request.Type, request.Msg, request.Ext, settings, check);
        if (!request.HasPersist || request.Persist)
            check.Refuse(IngressErrors.Precondition("EPHEMERAL_ONLY", "persist", "persist: a broadcast goes to who is connected and is kept nowhere; set persist=false, or push to users, rooms or groups."));
        check.ThrowIfAny();
        return new AppPush(app, content.From, content.Type, content.Text, content.Ext, platforms, timeout);
    }

    private static string SenderOf(ServerCallContext context) => IdempotencyKey.SenderOf(context.GetHttpContext().Features.Get<ApiKeyIdentity>());
}
