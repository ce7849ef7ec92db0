using Grpc.Core;
using Im.Node.Ingress;
using Im.Node.Ingress.Services;
using Im.Protocol;
using Im.Protocol.Ingress.V1;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>Pushes over one stream: side by side, bounded, each with an answer of its own.</summary>
public sealed class PushStreamSpecs : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A clock that stands still: how long a busy machine takes to read decides nothing.
    private readonly IngressHost _host = new() { Time = new FakeTimeProvider(DateTimeOffset.UtcNow) };

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Should_answer_each_push_with_its_tag()
    {
        using var stream = Open();
        for (var tag = 1; tag <= 100; tag++) await stream.RequestStream.WriteAsync(ToUser(tag, $"u{tag}"));
        await stream.RequestStream.WriteAsync(new PushStreamRequest { Tag = 101, ToConversation = new PushToConversationRequest { App = 101, Conv = "r:lobby", Msg = "hi" } });
        await stream.RequestStream.CompleteAsync();

        var answers = await ReadAllAsync(stream);

        answers.Select(answer => answer.Tag).ShouldBe(Enumerable.Range(1, 101).Select(tag => (long)tag), ignoreOrder: true);
        answers.Where(answer => answer.Tag <= 100).ShouldAllBe(answer => answer.ToUser.User.User == $"u{answer.Tag}");
        answers.Single(answer => answer.Tag == 101).ToConversation.Conv.ShouldBe("r:lobby");
    }

    [Fact]
    public async Task Should_go_on_when_one_push_is_wrong_or_fails()
    {
        _host.Broker.OnPushToUser = (push, _) => push.User.Value switch
        {
            "defect" => throw new InvalidOperationException("secret of the inside"),
            "refused" => Task.FromResult(FakeBroker.Written(push) with { Code = ReplyCode.IdempotencyConflict }),
            _ => Task.FromResult(FakeBroker.Written(push)),
        };
        using var stream = Open();
        await stream.RequestStream.WriteAsync(ToUser(1, "a|b"));
        await stream.RequestStream.WriteAsync(ToUser(2, "defect"));
        await stream.RequestStream.WriteAsync(ToUser(3, "refused"));
        await stream.RequestStream.WriteAsync(new PushStreamRequest { Tag = 4 });
        await stream.RequestStream.WriteAsync(ToUser(5, "alice"));
        await stream.RequestStream.CompleteAsync();

        var answers = (await ReadAllAsync(stream)).OrderBy(answer => answer.Tag).ToList();

        answers.Select(answer => answer.Error?.Code).ShouldBe([3, 13, 6, 3, null]);
        answers[1].Error.Message.ShouldNotContain("secret");
        answers[4].ToUser.User.User.ShouldBe("alice");
    }

    [Fact]
    public async Task Should_answer_a_fast_push_before_a_slow_one_that_came_first()
    {
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Broker.OnPushToUser = async (push, _) =>
        {
            if (push.User.Value == "slow") await slow.Task;
            return FakeBroker.Written(push);
        };
        using var stream = Open();
        await stream.RequestStream.WriteAsync(ToUser(1, "slow"));
        await stream.RequestStream.WriteAsync(ToUser(2, "fast"));

        (await NextAsync(stream)).Tag.ShouldBe(2);
        slow.SetResult();
        (await NextAsync(stream)).Tag.ShouldBe(1);
    }

    [Fact]
    public async Task Should_read_no_further_when_so_many_wait_for_their_answer()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Broker.OnPushToUser = async (push, _) =>
        {
            await release.Task;
            return FakeBroker.Written(push);
        };
        const int More = IngressLimits.MaxStreamInFlightCount + 50;
        using var stream = Open();
        for (var tag = 1; tag <= More; tag++) await stream.RequestStream.WriteAsync(ToUser(tag, "alice"));
        await stream.RequestStream.CompleteAsync();
        await Eventually.ShouldBeAsync(() => Task.FromResult(_host.Broker.Calls.Count), IngressLimits.MaxStreamInFlightCount);

        release.SetResult();

        (await ReadAllAsync(stream)).Count.ShouldBe(More);
    }

    [Fact]
    public async Task Should_refuse_the_stream_when_the_key_lacks_the_scope()
    {
        using var stream = new PushService.PushServiceClient(_host.GrpcWith(IngressHost.KeyOf("presence"))).PushStream();

        var error = await Should.ThrowAsync<RpcException>(() => stream.ResponseStream.MoveNext(default).WaitAsync(Patience));

        error.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Should_answer_what_was_read_and_end_the_stream_when_the_node_stops()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Broker.OnPushToUser = async (push, _) =>
        {
            await release.Task;
            return FakeBroker.Written(push);
        };
        using var stream = Open();
        await stream.RequestStream.WriteAsync(ToUser(1, "alice"));
        await Until.TrueAsync(() => _host.Broker.Calls.Count == 1);

        var stopping = _host.App.StopAsync();
        release.SetResult();

        (await NextAsync(stream)).Tag.ShouldBe(1);
        var error = await Should.ThrowAsync<RpcException>(() => stream.ResponseStream.MoveNext(default).WaitAsync(Patience));
        error.StatusCode.ShouldBe(StatusCode.Unavailable, error.ToString());
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Should_go_on_stopping_when_a_push_is_not_answered_in_time()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Broker.OnPushToUser = async (push, _) =>
        {
            await release.Task;
            return FakeBroker.Written(push);
        };
        var streams = _host.App.Services.GetRequiredService<PushStreams>();
        using var stream = Open();
        await stream.RequestStream.WriteAsync(ToUser(1, "alice"));
        await Until.TrueAsync(() => _host.Broker.Calls.Count == 1);

        await Should.ThrowAsync<OperationCanceledException>(() => streams.DrainAsync(new CancellationToken(canceled: true)));
        using var late = Open();
        var error = await Should.ThrowAsync<RpcException>(() => late.ResponseStream.MoveNext(default).WaitAsync(Patience));

        error.StatusCode.ShouldBe(StatusCode.Unavailable, error.ToString());
        streams.OpenCount.ShouldBe(1);
        release.SetResult();
        (await NextAsync(stream)).Tag.ShouldBe(1);
        await Should.ThrowAsync<RpcException>(() => stream.ResponseStream.MoveNext(default).WaitAsync(Patience));
        await streams.DrainAsync(CancellationToken.None).WaitAsync(Patience);
        streams.OpenCount.ShouldBe(0);
    }

    private AsyncDuplexStreamingCall<PushStreamRequest, PushStreamResponse> Open() => new PushService.PushServiceClient(_host.Grpc).PushStream();

    private static PushStreamRequest ToUser(long tag, string user) => new() { Tag = tag, ToUser = new PushToUserRequest { App = 101, User = user, Msg = "hi" } };

    private static async Task<PushStreamResponse> NextAsync(AsyncDuplexStreamingCall<PushStreamRequest, PushStreamResponse> stream)
    {
        (await stream.ResponseStream.MoveNext(default).WaitAsync(Patience)).ShouldBeTrue();
        return stream.ResponseStream.Current;
    }

    private static async Task<List<PushStreamResponse>> ReadAllAsync(AsyncDuplexStreamingCall<PushStreamRequest, PushStreamResponse> stream)
    {
        var answers = new List<PushStreamResponse>();
        while (await stream.ResponseStream.MoveNext(default).WaitAsync(Patience)) answers.Add(stream.ResponseStream.Current);
        return answers;
    }
}
