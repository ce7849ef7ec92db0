using Grpc.Core;
using Grpc.Net.Client;
using Im.Actors.Edge;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Services;
using Im.Protocol.Ingress.V1;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

public sealed class PushStreamStopSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Should_give_a_stream_its_status_before_anything_of_the_node_stops()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broker = new FakeBroker
        {
            OnPushToUser = async (push, _) =>
            {
                await release.Task;
                return FakeBroker.Written(push);
            },
        };
        // A clock that stands still: how long a busy machine takes to read decides nothing.
        await using var node = await NodeFixture.StartAsync(
            builder => builder.Services.AddSingleton<IBroker>(broker).AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.UtcNow)), "--Im:Drain:Timeout=00:00:10");
        var openAtStop = new TaskCompletionSource<int>();
        var streams = node.Services.GetRequiredService<PushStreams>();
        using var registration = node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => openAtStop.SetResult(streams.OpenCount));
        using var channel = GrpcChannel.ForAddress(node.Grpc);
        using var stream = new PushService.PushServiceClient(channel).PushStream(new Metadata { { ApiKeyGate.Header, node.ApiKey } });
        await stream.RequestStream.WriteAsync(new PushStreamRequest { Tag = 1, ToUser = new PushToUserRequest { App = 101, User = "alice", Msg = "hi" } });
        await Until.TrueAsync(() => broker.Calls.Count == 1);

        var stopping = node.StopAsync();
        release.SetResult();

        (await stream.ResponseStream.MoveNext(default).WaitAsync(Patience)).ShouldBeTrue();
        stream.ResponseStream.Current.Tag.ShouldBe(1);
        var error = await Should.ThrowAsync<RpcException>(() => stream.ResponseStream.MoveNext(default).WaitAsync(Patience));
        error.StatusCode.ShouldBe(StatusCode.Unavailable, error.ToString());
        (await openAtStop.Task.WaitAsync(Patience)).ShouldBe(0);
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Should_give_each_of_many_callers_the_status_of_its_stream()
    {
        // A clock that stands still: how long a busy machine takes to read decides nothing.
        using var host = new IngressHost { Time = new FakeTimeProvider(DateTimeOffset.UtcNow) };
        await host.InitializeAsync();
        var streams = Enumerable.Range(0, 50).Select(_ => new PushService.PushServiceClient(host.GrpcWith(IngressHost.Key)).PushStream()).ToArray();
        foreach (var stream in streams) await stream.RequestStream.WriteAsync(new PushStreamRequest { Tag = 1, ToUser = new PushToUserRequest { App = 101, User = "alice", Msg = "hi" } });
        await Until.TrueAsync(() => host.Broker.Calls.Count == streams.Length);

        var stopping = host.App.StopAsync();
        var ends = await Task.WhenAll(streams.Select(EndOfAsync));

        ends.ShouldAllBe(end => end.StatusCode == StatusCode.Unavailable && end.Status.DebugException == null);
        await stopping.WaitAsync(Patience);
        foreach (var stream in streams) stream.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Should_not_wait_for_ever_for_a_caller_that_does_not_read()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var host = new IngressHost { Time = time };
        await host.InitializeAsync();
        using var stream = new PushService.PushServiceClient(host.Grpc).PushStream();
        await stream.RequestStream.WriteAsync(new PushStreamRequest { Tag = 1, ToUser = new PushToUserRequest { App = 101, User = "alice", Msg = "hi" } });
        await Until.TrueAsync(() => host.Broker.Calls.Count == 1);

        var stopping = host.App.StopAsync();
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return stopping.IsCompleted;
        });

        await stopping;
        await host.DisposeAsync();
    }

    private static async Task<RpcException> EndOfAsync(AsyncDuplexStreamingCall<PushStreamRequest, PushStreamResponse> stream) =>
        await Should.ThrowAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(default).WaitAsync(Patience))
            {
            }
        });
}
