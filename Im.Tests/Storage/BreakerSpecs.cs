using System.Collections.Concurrent;
using Im.Node.Storage;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

public sealed class BreakerSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<bool> _changes = new();
    private readonly Queue<bool> _probes = new();
    private readonly SemaphoreSlim _probed = new(0);
    private readonly Breaker _breaker;

    public BreakerSpecs() => _breaker = new Breaker(_time, ProbeAsync, _changes.Enqueue);

    public void Dispose()
    {
        _breaker.Dispose();
        _probed.Dispose();
    }

    [Fact]
    public void Should_stay_closed_when_failures_are_not_in_a_row()
    {
        for (var i = 0; i < 10; i++)
        {
            _breaker.Failed(isDown: false);
            _breaker.Failed(isDown: false);
            _breaker.Succeeded();
        }

        _breaker.IsOpen.ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void Should_open_when_the_third_try_fails_or_the_store_is_down(int failures, bool isDown)
    {
        for (var i = 0; i < failures; i++) _breaker.Failed(isDown);

        _breaker.IsOpen.ShouldBeTrue();
        _changes.ShouldBe([true]);
    }

    [Fact]
    public async Task Should_close_when_a_probe_succeeds()
    {
        _probes.Enqueue(false);
        _probes.Enqueue(true);
        _breaker.Failed(isDown: true);

        _time.Advance(Breaker.ProbeInterval);
        await _probed.WaitAsync();
        _breaker.IsOpen.ShouldBeTrue();
        await Support.Until.TrueAsync(() =>
        {
            _time.Advance(Breaker.ProbeInterval);
            return !_breaker.IsOpen;
        });

        await Support.Until.TrueAsync(() => _changes.Count == 2);   // told once it is closed
        _changes.ShouldBe([true, false]);
    }

    [Fact]
    public void Should_not_probe_before_its_time()
    {
        _breaker.Failed(isDown: true);
        _time.Advance(Breaker.ProbeInterval - TimeSpan.FromMilliseconds(1));

        _probed.CurrentCount.ShouldBe(0);
    }

    private Task<bool> ProbeAsync(CancellationToken cancellation)
    {
        _probed.Release();
        return Task.FromResult(_probes.TryDequeue(out var isBack) && isBack);
    }
}
