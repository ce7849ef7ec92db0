using System.Net;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using Shouldly;
using Xunit;
using Role = Im.Protocol.Ingress.V1.GroupMember.Types.Role;

namespace Im.Tests.Ingress;

/// <summary>What is stored, over both forms: pushes, deliveries, history, groups and revocations.</summary>
public sealed class StoredRoutesSpecs : IAsyncLifetime
{
    private readonly IngressHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Should_answer_its_place_when_a_push_is_stored()
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push) with { State = DeliveryState.Stored, Devices = [], Epoch = "k3", Mseq = 9 });

        var (_, body) = await _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi"}""");

        body.GetRawText().ShouldBe("""{"mid":"01JD00000000000000000000AA","conv":"u:alice","epoch":"k3","mseq":9,"dup":false,"durability":"disk","tookMs":4,"user":{"user":"alice","state":"STORED","devices":[]}}""");
    }

    [Fact]
    public async Task Should_answer_its_place_when_a_push_to_a_group_is_stored()
    {
        _host.Broker.OnPushToConversation = (_, _) => Task.FromResult(FakeBroker.Fanout() with { Epoch = "k3", Mseq = 9 });

        var (_, body) = await _host.PostAsync("/api/v1/apps/101/conversations/g%3Ateam:push", """{"msg":"hi","idempotencyKey":"k","ttlMs":1000}""");

        (body.GetProperty("conv").GetString(), body.GetProperty("mseq").GetInt64(), body.GetProperty("durability").GetString()).ShouldBe(("g:team", 9, "disk"));
        var push = _host.Broker.Last<ConversationPush>();
        (push.Numbered, push.Sender, push.IdempotencyKey, push.TimeToLive).ShouldBe((true, "api:default", "k", TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Should_answer_what_is_known_of_a_delivery()
    {
        var (status, body) = await _host.GetAsync("/api/v1/apps/101/deliveries/01JD00000000000000000000AA");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"mid":"01JD00000000000000000000AA","conv":"u:alice","epoch":"k1","mseq":7,"user":{"user":"alice","state":"ACKED","devices":[{"device":"device-0001","platform":"","connection":"","state":"ACKED","ms":0,"why":""}]}}""");
    }

    [Theory]
    [InlineData(ReplyCode.NoData, HttpStatusCode.NotFound)]
    [InlineData(ReplyCode.Overloaded, HttpStatusCode.ServiceUnavailable)]
    public async Task Should_say_why_when_a_delivery_cannot_be_told(ReplyCode code, HttpStatusCode status)
    {
        _host.Broker.OnFindDelivery = messageId => DeliveryResult.Refused(code, messageId);

        (await _host.GetAsync("/api/v1/apps/101/deliveries/01JD00000000000000000000AA")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Should_show_records_as_they_are_now_when_history_is_read()
    {
        var (status, body) = await _host.GetAsync("/api/v1/apps/101/conversations/p%3Aalice%7Cbob/messages?after=0&limit=10");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"conv":"p:alice|bob","epoch":"k1","first":1,"head":2,"messages":[{"mseq":1,"mid":"01JD00000000000000000000AC","from":"alice","type":"text","msg":"hi","ext":{"n":1.5,"a":[null,true,"马",{}]},"cid":"c1","ts":1000,"edited":2,"recalled":false},{"mseq":2,"mid":"01JD00000000000000000000AD","from":"bob","type":"text","msg":"","cid":"","ts":1001,"edited":0,"recalled":true}]}""");
        var query = _host.Broker.Last<HistoryQuery>();
        (query.Reader, query.Before, query.After, query.Limit).ShouldBe((null, null, 0L, 10));
    }

    [Theory]
    [InlineData("before=3", "before")]
    [InlineData("after=1", "after")]
    public async Task Should_say_out_of_range_when_history_is_no_longer_kept(string query, string field)
    {
        _host.Broker.OnReadHistory = _ => new HistoryPage(ReadOutcome.Found, "k1", 5, 9, []);

        var (status, body) = await _host.GetAsync($"/api/v1/apps/101/conversations/r%3Aa/messages?{query}");

        (status, body.GetProperty("code").GetInt32()).ShouldBe((HttpStatusCode.BadRequest, 11));
        body.GetProperty("message").GetString()!.ShouldStartWith(field + ":");
        body.GetProperty("details")[0].GetProperty("metadata").GetProperty("first").GetString().ShouldBe("5");
    }

    [Fact]
    public async Task Should_answer_an_empty_page_when_history_is_asked_after_the_greatest_number()
    {
        _host.Broker.OnReadHistory = _ => new HistoryPage(ReadOutcome.Found, "k1", 5, 9, []);

        var (status, body) = await _host.GetAsync($"/api/v1/apps/101/conversations/r%3Aa/messages?after={long.MaxValue}");

        status.ShouldBe(HttpStatusCode.OK, body.GetRawText());
        body.GetProperty("messages").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData(ReadOutcome.NoConversation, HttpStatusCode.NotFound)]
    [InlineData(ReadOutcome.Unavailable, HttpStatusCode.ServiceUnavailable)]
    public async Task Should_say_why_when_history_cannot_be_read(ReadOutcome outcome, HttpStatusCode status)
    {
        _host.Broker.OnReadHistory = _ => HistoryPage.Of(outcome);

        (await _host.GetAsync("/api/v1/apps/101/conversations/g%3Anone/messages")).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Should_hand_over_a_new_group_and_answer_its_members()
    {
        var (status, body) = await _host.PostAsync("/api/v1/apps/101/groups", """{"group":"团队","name":"Team","owner":"alice","members":["bob"],"idempotencyKey":"k"}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"conv":"g:团队","name":"Team","members":[{"user":"alice","role":"OWNER"},{"user":"bob","role":"MUTED"}],"mseq":3}""");
        var call = _host.Broker.Last<GroupCall>();
        (call.Group.Value, call.By.Value, call.Sender, call.IdempotencyKey).ShouldBe(("g:团队", "alice", "api:default", "k"));
        call.Change.ShouldBeOfType<GroupChange.Create>().Users.ShouldBe(["bob"]);
    }

    [Fact]
    public async Task Should_make_the_same_id_when_a_group_without_one_is_made_again_with_its_key()
    {
        var client = new ConversationService.ConversationServiceClient(_host.Grpc);
        var request = new CreateGroupRequest { App = 101, Owner = "alice", IdempotencyKey = "k" };

        var first = await client.CreateGroupAsync(request);
        var again = await client.CreateGroupAsync(request);
        request.IdempotencyKey = "";
        var other = await client.CreateGroupAsync(request);

        again.Conv.ShouldBe(first.Conv);
        other.Conv.ShouldNotBe(first.Conv);
        ConversationId.TryParse(other.Conv, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_show_a_group_by_both_forms()
    {
        var (status, body) = await _host.GetAsync("/api/v1/apps/101/groups/a%7Eb");
        var answer = await new ConversationService.ConversationServiceClient(_host.Grpc).GetGroupAsync(new GetGroupRequest { App = 101, Group = "a~b" });

        status.ShouldBe(HttpStatusCode.OK);
        (body.GetProperty("conv").GetString(), answer.Conv).ShouldBe(("g:a~b", "g:a~b"));
        answer.Members.Select(member => member.Role).ShouldBe([Role.Owner, Role.Muted]);
    }

    [Fact]
    public async Task Should_hand_over_changes_of_members_and_answer_who_is_there()
    {
        var (status, body) = await _host.PostAsync("/api/v1/apps/101/groups/team:updateMembers", """{"add":["carol"],"remove":["dave"],"roles":{"carol":"ADMIN","bob":"MEMBER"}}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"members":[{"user":"alice","role":"OWNER"},{"user":"bob","role":"MUTED"}],"mseq":3}""");
        var call = _host.Broker.Last<GroupCall>();
        (call.Group.Value, call.By.Value).ShouldBe(("g:team", "system"));
        var update = call.Change.ShouldBeOfType<GroupChange.Update>();
        (update.Added.Single(), update.Removed.Single()).ShouldBe(("carol", "dave"));
        update.Roles.ShouldBe(new Dictionary<string, MemberRole> { ["bob"] = MemberRole.Member, ["carol"] = MemberRole.Admin }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(ReplyCode.NoSuchConversation, 404, 5)]
    [InlineData(ReplyCode.OperationFailed, 409, 6)]
    [InlineData(ReplyCode.IdempotencyConflict, 409, 6)]
    [InlineData(ReplyCode.OutcomeUnknown, 409, 10)]
    [InlineData(ReplyCode.NotAMember, 400, 9)]
    [InlineData(ReplyCode.TooLarge, 400, 9)]
    [InlineData(ReplyCode.Overloaded, 503, 14)]
    public async Task Should_say_why_when_a_group_is_not_changed(ReplyCode code, int status, int rpcCode)
    {
        _host.Broker.OnChangeGroup = _ => new GroupResult(code, "01JD00000000000000000000AE", "", [], 0);

        var answer = await _host.PostAsync("/api/v1/apps/101/groups/team:updateMembers", """{"add":["carol"],"idempotencyKey":"k"}""");

        ((int)answer.Status, answer.Body.GetProperty("code").GetInt32()).ShouldBe((status, rpcCode));
    }

    [Fact]
    public async Task Should_take_back_all_tokens_until_now_when_nothing_else_is_said()
    {
        var (status, body) = await _host.PostAsync("/api/v1/apps/101/users/alice:revokeTokens");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"number":12}""");
        var call = _host.Broker.Last<FakeBroker.RevokeCall>();
        (call.User.Value, call.TokenId).ShouldBe(("alice", null));
        call.IssuedBefore.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Should_take_back_one_token_or_those_before_a_time_when_that_is_said()
    {
        var client = new SessionService.SessionServiceClient(_host.Grpc);
        await client.RevokeTokensAsync(new RevokeTokensRequest { App = 101, User = "alice", TokenId = "t-1" });
        var one = _host.Broker.Last<FakeBroker.RevokeCall>();
        await client.RevokeTokensAsync(new RevokeTokensRequest { App = 101, User = "alice", IssuedBeforeMs = 5000 });
        var before = _host.Broker.Last<FakeBroker.RevokeCall>();

        await client.RevokeTokensAsync(new RevokeTokensRequest { App = 101, User = "alice", TokenId = "t-2", TokenEndsMs = 6000 });
        var ending = _host.Broker.Last<FakeBroker.RevokeCall>();

        (one.TokenId, one.TokenEnds).ShouldBe(("t-1", null));
        (ending.TokenId, ending.TokenEnds).ShouldBe(("t-2", DateTimeOffset.FromUnixTimeMilliseconds(6000)));
        (before.TokenId, before.IssuedBefore).ShouldBe((null, DateTimeOffset.FromUnixTimeMilliseconds(5000)));
    }
}
