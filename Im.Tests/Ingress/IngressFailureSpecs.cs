using System.Net;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Im.Actors.Edge;
using Im.Protocol;
using Im.Node.Ingress;
using Im.Protocol.Ingress.V1;
using Shouldly;
using Xunit;
using DeviceDelivery = Im.Actors.Edge.DeviceDelivery;
using State = Im.Protocol.Ingress.V1.UserDelivery.Types.State;
using WaitFor = Im.Actors.Edge.WaitFor;

namespace Im.Tests.Ingress;

/// <summary>Overload, failures inside, and results that say how far a push came.</summary>
public sealed class IngressFailureSpecs : IAsyncLifetime
{
    private const string Push = """{"msg":"hi","persist":false}""";

    private readonly IngressHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/api/v1/apps/101/conversations/r%3Alobby:push")]
    [InlineData("/api/v1/apps/101:broadcast")]
    public async Task Should_answer_503_with_advice_when_overloaded(string path)
    {
        _host.Broker.OnPushToConversation = (_, _) => Task.FromResult(FakeBroker.Fanout() with { Code = ReplyCode.Overloaded });
        _host.Broker.OnBroadcast = _ => FakeBroker.Fanout() with { Code = ReplyCode.Overloaded };
        using var content = new StringContent(Push, Encoding.UTF8, "application/json");
        using var response = await _host.Http.PostAsync(path, content);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(1));
        JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("details")[0].GetProperty("retryDelay").GetString().ShouldBe("1s");
    }

    [Fact]
    public async Task Should_answer_unavailable_with_advice_when_overloaded_by_grpc()
    {
        _host.Broker.OnPushToConversation = (_, _) => Task.FromResult(FakeBroker.Fanout() with { Code = ReplyCode.Overloaded });

        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(_host.Grpc).PushToConversationAsync(new PushToConversationRequest { App = 101, Conv = "r:lobby", Msg = "hi", Persist = false }));

        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        var status = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        status.Details.Single().Unpack<Google.Rpc.RetryInfo>().RetryDelay.Seconds.ShouldBe(1);
    }

    [Fact]
    public async Task Should_refuse_pushes_above_the_bound_and_take_them_again_afterwards()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Broker.OnPushToUser = async (push, _) =>
        {
            await release.Task;
            return FakeBroker.Written(push);
        };
        var users = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"u{i}\""));
        var calls = Enumerable.Range(0, IngressLimits.MaxPushesInFlightCount / 1000)
            .Select(_ => _host.PostAsync("/api/v1/apps/101/users:push", $$"""{"users":[{{users}}],"msg":"hi","persist":false}""")).ToList();
        await Support.Eventually.ShouldBeAsync(() => Task.FromResult(_host.Broker.Calls.Count), 8000);

        var refused = await _host.PostAsync("/api/v1/apps/101/users:push", $$"""{"users":[{{users}}],"msg":"hi","persist":false}""");
        release.SetResult();
        var taken = await Task.WhenAll(calls);
        var after = await _host.PostAsync("/api/v1/apps/101/users:push", $$"""{"users":[{{users}}],"msg":"hi","persist":false}""");

        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        taken.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        after.Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Should_hide_the_reason_when_the_broker_fails()
    {
        _host.Broker.OnPushToUser = (_, _) => throw new InvalidOperationException("secret of the inside");

        var (status, body) = await _host.PostAsync("/api/v1/apps/101/users/alice:push", Push);

        status.ShouldBe(HttpStatusCode.InternalServerError);
        body.ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(ReplyCode.Overloaded, 503, 14, "UNAVAILABLE")]
    [InlineData(ReplyCode.OutcomeUnknown, 409, 10, "retry with the same idempotencyKey")]
    [InlineData(ReplyCode.IdempotencyConflict, 409, 6, "'order-1' was used before")]
    [InlineData(ReplyCode.BadParameter, 400, 3, "refused the content")]
    public async Task Should_say_what_became_of_it_when_a_stored_push_is_refused(ReplyCode code, int status, int rpcCode, string text)
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push) with { Code = code });

        var answer = await _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi","idempotencyKey":"order-1"}""");

        ((int)answer.Status, answer.Body.GetProperty("code").GetInt32()).ShouldBe((status, rpcCode));
        if (code != ReplyCode.Overloaded) answer.Body.GetProperty("message").GetString()!.ShouldContain(text, Case.Insensitive);
        answer.Body.GetProperty("details").EnumerateArray().Single(detail => detail.TryGetProperty("metadata", out _)).GetProperty("metadata").GetProperty("code").GetString()
            .ShouldBe(((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Should_give_a_key_to_find_out_with_when_the_outcome_is_unknown_and_none_was_given()
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push) with { Code = ReplyCode.OutcomeUnknown });

        var answer = await _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi"}""");

        answer.Body.GetProperty("message").GetString()!.ShouldContain("idempotencyKey=01JD00000000000000000000AA");
    }

    [Fact]
    public async Task Should_answer_404_when_the_group_does_not_exist()
    {
        _host.Broker.OnPushToConversation = (_, _) => Task.FromResult(FakeBroker.Fanout() with { Code = ReplyCode.NoSuchConversation });

        (await _host.PostAsync("/api/v1/apps/101/conversations/g%3Anone:push", """{"msg":"hi"}""")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Should_carry_each_users_error_when_pushing_to_users()
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push) with
        {
            Code = push.User.Value switch { "b" => ReplyCode.Overloaded, "c" => ReplyCode.OutcomeUnknown, _ => ReplyCode.Success },
        });

        var answer = await new PushService.PushServiceClient(_host.Grpc).PushToUsersAsync(new PushToUsersRequest { App = 101, Users = { "a", "b", "c" }, Msg = "hi" });

        answer.Results.Select(result => (result.User.State, result.Error?.Code)).ShouldBe([(State.Written, null), (State.Failed, 14), (State.Unknown, 10)]);
    }

    [Fact]
    public async Task Should_answer_503_when_a_revocation_cannot_be_stored()
    {
        _host.Broker.OnRevoke = _ => throw new Im.Actors.Conversations.Store.StoreUnavailableException("locked");

        (await _host.PostAsync("/api/v1/apps/101/users/alice:revokeTokens")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Should_answer_unknown_for_the_one_user_whose_push_failed()
    {
        _host.Broker.OnPushToUser = (push, _) => push.User.Value == "b" ? throw new InvalidOperationException("b") : Task.FromResult(FakeBroker.Written(push));

        var answer = await new PushService.PushServiceClient(_host.Grpc).PushToUsersAsync(new PushToUsersRequest { App = 101, Users = { "a", "b", "c" }, Msg = "hi", Persist = false });

        answer.Results.Select(result => result.User.State).ShouldBe([State.Written, State.Unknown, State.Written]);
    }

    [Theory]
    [InlineData(DeliveryState.Unknown, "UNKNOWN")]
    [InlineData(DeliveryState.Offline, "OFFLINE")]
    [InlineData(DeliveryState.Pending, "PENDING")]
    [InlineData(DeliveryState.Failed, "FAILED")]
    [InlineData(DeliveryState.Stored, "STORED")]
    [InlineData(DeliveryState.Written, "WRITTEN")]
    [InlineData(DeliveryState.Acked, "ACKED")]
    public async Task Should_show_the_state_that_was_observed(DeliveryState state, string shown)
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push) with
        {
            State = state,
            Devices = [new DeviceDelivery("device-0001", "ios", "n1-1", state, "slow", TimeSpan.FromMilliseconds(7))],
        });

        var (_, body) = await _host.PostAsync("/api/v1/apps/101/users/alice:push", Push);

        var user = body.GetProperty("user");
        user.GetProperty("state").GetString().ShouldBe(shown);
        user.GetProperty("devices")[0].GetRawText().ShouldBe($$"""{"device":"device-0001","platform":"ios","connection":"n1-1","state":"{{shown}}","ms":7,"why":"slow"}""");
    }

    [Fact]
    public async Task Should_keep_the_idempotency_keys_of_two_api_keys_apart()
    {
        var request = new PushToUserRequest { App = 101, User = "alice", Msg = "hi", IdempotencyKey = "order-1" };
        await new PushService.PushServiceClient(_host.Grpc).PushToUserAsync(request);
        var mine = _host.Broker.Last<UserPush>();
        await new PushService.PushServiceClient(_host.GrpcWith(IngressHost.KeyOf("push"))).PushToUserAsync(request);
        var other = _host.Broker.Last<UserPush>();

        (mine.Sender, mine.IdempotencyKey).ShouldBe(("api:default", "order-1"));
        (other.Sender, other.IdempotencyKey).ShouldBe(("api:push", "order-1"));
    }

    [Fact]
    public async Task Should_store_and_wait_for_stored_when_nothing_else_is_said()
    {
        await _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi","ttlMs":5000}""");

        var push = _host.Broker.Last<UserPush>();
        (push.Persist, push.WaitFor, push.TimeToLive).ShouldBe((true, WaitFor.Stored, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Should_wait_for_written_when_nothing_is_stored()
    {
        await _host.PostAsync("/api/v1/apps/101/users/alice:push", Push);

        _host.Broker.Last<UserPush>().WaitFor.ShouldBe(WaitFor.Written);
    }
}
