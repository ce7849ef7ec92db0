using Grpc.Core;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.Validation;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using Role = Im.Protocol.Ingress.V1.GroupMember.Types.Role;

namespace Im.Node.Ingress.Services;

internal sealed class ConversationGrpcService(IBroker broker, GroupRequests requests, IngressSettings settings, TimeProvider time) : ConversationService.ConversationServiceBase
{
    public override async Task<HistoryResponse> History(HistoryRequest request, ServerCallContext context)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var conversation = NameRequest.Conversation(request.Conv, check);
        var limit = Paging.HistoryLimit(request.Limit, check);
        if (request.HasBefore && request.Before < 1) check.Add("before", $"{request.Before}: give a number from 1 on, or leave it out.");
        if (request.HasAfter && request.After < 0) check.Add("after", $"{request.After}: give 0 or a number, or leave it out.");
        if (request.HasBefore && request.HasAfter) check.Add("after", "together with before; give one of the two.");
        check.ThrowIfAny();

        long? before = request.HasBefore ? request.Before : null;
        long? after = request.HasAfter ? request.After : null;
        var page = await broker.ReadHistoryAsync(new HistoryQuery(new ConversationKey(app, conversation), null, before, after, limit), context.CancellationToken);
        if (page.Outcome == ReadOutcome.Unavailable) throw IngressRefusals.CannotRead().ToException();
        if (page.Outcome != ReadOutcome.Found) throw IngressRefusals.NoSuchConversation(conversation.Value).ToException();
        if (before <= page.First && page.First > 1) throw IngressRefusals.RangeNotKept("before", page.First).ToException();
        if (after < page.First - 1) throw IngressRefusals.RangeNotKept("after", page.First).ToException();
        return new HistoryResponse { Conv = conversation.Value, Epoch = page.Epoch, First = page.First, Head = page.Head, Messages = { page.Records.Select(ToProto) } };
    }

    public override async Task<CreateGroupResponse> CreateGroup(CreateGroupRequest request, ServerCallContext context)
    {
        var (group, result) = await CallAsync(requests.Read(request, SenderOf(context), TimeoutOf(context)), context);
        return new CreateGroupResponse { Conv = group, Name = result.Name, Members = { result.Members.Select(ToProto) }, Mseq = result.Mseq };
    }

    public override async Task<GetGroupResponse> GetGroup(GetGroupRequest request, ServerCallContext context)
    {
        var (group, result) = await CallAsync(requests.Read(request, SenderOf(context), TimeoutOf(context)), context);
        return new GetGroupResponse { Conv = group, Name = result.Name, Members = { result.Members.Select(ToProto) }, Mseq = result.Mseq };
    }

    public override async Task<UpdateMembersResponse> UpdateMembers(UpdateMembersRequest request, ServerCallContext context)
    {
        var (_, result) = await CallAsync(requests.Read(request, SenderOf(context), TimeoutOf(context)), context);
        return new UpdateMembersResponse { Members = { result.Members.Select(ToProto) }, Mseq = result.Mseq };
    }

    private async Task<(string Conversation, GroupResult Result)> CallAsync(GroupCall call, ServerCallContext context)
    {
        var result = await broker.ChangeGroupAsync(call, context.CancellationToken);
        if (IngressRefusals.Of(result.Code, result.MessageId, call.IdempotencyKey, call.Group.Value) is { } refusal) throw refusal.ToException();
        return (call.Group.Value, result);
    }

    private TimeSpan TimeoutOf(ServerCallContext context) => PushTiming.Timeout(0, context, time, new Violations());

    private static string SenderOf(ServerCallContext context) => IdempotencyKey.SenderOf(context.GetHttpContext().Features.Get<ApiKeyIdentity>());

    private static Message ToProto(StoredRecord record) => new()
    {
        Mseq = record.Mseq,
        Mid = record.MessageId,
        From = record.From,
        Type = record.Type,
        Msg = record.IsRecalled ? "" : record.Text,
        Ext = record.IsRecalled ? null : ExtJson.Read(record.Ext),
        Cid = record.Cid ?? "",
        Ts = record.TimestampMs,
        Edited = record.IsRecalled ? 0 : record.ChangedBy,
        Recalled = record.IsRecalled,
    };

    private static GroupMember ToProto(ConversationEvents.GroupMember member) => new()
    {
        User = member.User,
        Role = member.Role switch { MemberRole.Owner => Role.Owner, MemberRole.Admin => Role.Admin, MemberRole.Muted => Role.Muted, _ => Role.Member },
    };
}
