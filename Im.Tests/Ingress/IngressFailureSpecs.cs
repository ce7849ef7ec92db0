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
        var request = new PushToUserRequest { App = 101, User = "alice", Msg = "hi", Persist = false, IdempotencyKey = "order-1" };
        await new PushService.PushServiceClient(_host.Grpc).PushToUserAsync(request);
        var mine = _host.Broker.Last<UserPush>().IdempotencyKey!;
        await new PushService.PushServiceClient(_host.Grpc).PushToUserAsync(request);
        var again = _host.Broker.Last<UserPush>().IdempotencyKey!;
        await new PushService.PushServiceClient(_host.GrpcWith(IngressHost.KeyOf("push"))).PushToUserAsync(request);
        var other = _host.Broker.Last<UserPush>().IdempotencyKey!;

        again.ShouldBe(mine);
        other.ShouldNotBe(mine);
        mine.Length.ShouldBeLessThanOrEqualTo(64);
    }

    [Fact]
    public async Task Should_wait_for_written_when_nothing_is_stored()
    {
        await _host.PostAsync("/api/v1/apps/101/users/alice:push", Push);

        _host.Broker.Last<UserPush>().WaitFor.ShouldBe(WaitFor.Written);
    }
}
