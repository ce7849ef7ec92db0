using System.Net;
using Grpc.Core;
using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>No call lasts for ever, and a push leaves time to say what was observed.</summary>
public sealed class IngressDeadlineSpecs : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IngressHost _host;

    public IngressDeadlineSpecs()
    {
        _host = new IngressHost { Time = _time };
        _host.Broker.OnPushToUser = async (push, cancellation) =>
        {
            _entered.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
            return FakeBroker.Written(push);
        };
    }

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Should_end_after_30_seconds_when_an_http_caller_waits()
    {
        var answer = _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi","persist":false}""");
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(29.9));
        answer.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.2));

        var (status, body) = await answer.WaitAsync(TimeSpan.FromSeconds(60));
        status.ShouldBe(HttpStatusCode.GatewayTimeout);
        body.GetProperty("code").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Should_end_after_30_seconds_when_a_grpc_caller_sets_no_deadline()
    {
        using var call = new PushService.PushServiceClient(_host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "alice", Msg = "hi", Persist = false });
        await _entered.Task.WaitAsync(TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(30.1));

        var error = await Should.ThrowAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(60)));
        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Fact]
    public async Task Should_leave_a_margin_for_the_answer_when_the_push_may_take_as_long_as_the_call()
    {
        _host.Broker.OnPushToUser = (push, _) => Task.FromResult(FakeBroker.Written(push));

        await _host.PostAsync("/api/v1/apps/101/users/alice:push", """{"msg":"hi","persist":false,"timeoutMs":30000}""");

        _host.Broker.Last<UserPush>().Timeout.ShouldBe(TimeSpan.FromSeconds(29.8));
    }

    [Fact]
    public async Task Should_answer_504_when_the_actors_do_not_answer_in_time()
    {
        _host.Broker.OnPushToConversation = (_, _) => throw new Akka.Actor.AskTimeoutException("no answer");

        var (status, body) = await _host.PostAsync("/api/v1/apps/101/conversations/r%3Alobby:push", """{"msg":"hi","persist":false}""");

        status.ShouldBe(HttpStatusCode.GatewayTimeout);
        body.ToString().ShouldNotContain("no answer");
    }
}
