using System.Net;
using Im.Node.Lifetime;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Im.Tests.Lifetime;

public sealed class NodeLifecycleSpecs
{
    [Fact]
    public async Task Should_answer_503_and_stop_nothing_when_draining()
    {
        var drain = new HeldDrain();
        var node = await NodeFixture.StartAsync(builder => builder.Services.AddSingleton<INodeDrain>(drain), "--Im:Drain:Timeout=00:00:15");
        using var http = new HttpClient { BaseAddress = node.Http };
        (await http.GetAsync("/readyz")).StatusCode.ShouldBe(HttpStatusCode.OK);

        var stop = node.StopAsync();
        await drain.Begun.WaitAsync(TimeSpan.FromSeconds(60));
        var ready = await http.GetAsync("/readyz");
        var alive = await http.GetAsync("/healthz");

        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.Content.ReadAsStringAsync()).ShouldBe("draining\n");
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        stop.IsCompleted.ShouldBeFalse();
        drain.Finish();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task Should_go_on_stopping_when_the_drain_takes_longer_than_it_may()
    {
        var drain = new HeldDrain();
        var node = await NodeFixture.StartAsync(builder => builder.Services.AddSingleton<INodeDrain>(drain));

        await node.DisposeAsync().WaitAsync(TimeSpan.FromSeconds(60));

        drain.WasCancelled.ShouldBeTrue();
    }

    /// <summary>A drain that ends when the test says so, or when its time is over.</summary>
    private sealed class HeldDrain : INodeDrain
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public bool WasCancelled { get; private set; }

        public void Finish() => _end.SetResult();

        public async Task DrainAsync(CancellationToken cancellation)
        {
            _begun.SetResult();
            try
            {
                await _end.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                WasCancelled = true;
                throw;
            }
        }
    }
}
