using System.Collections.Concurrent;
using Akka.Dispatch;
using Im.Actors.Threads;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Threads;

public sealed class ParkingExecutorSpecs : IDisposable
{
    private const int ThreadsCount = 4;

    private readonly ConcurrentQueue<Exception> _failures = new();
    private readonly ParkingExecutor _executor;

    public ParkingExecutorSpecs() => _executor = new ParkingExecutor("spec", ThreadsCount, _failures.Enqueue);

    public void Dispose() => _executor.Shutdown();

    [Fact]
    public async Task Should_run_each_once_when_many_threads_add()
    {
        const int perThread = 20_000;
        var ran = new int[8 * perThread];
        var left = new CountdownEvent(ran.Length);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < perThread; i++)
            {
                var index = (thread * perThread) + i;
                _executor.Execute(new Step(() =>
                {
                    Interlocked.Increment(ref ran[index]);
                    left.Signal();
                }));
            }
        })));

        left.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        ran.ShouldAllBe(count => count == 1);
        _failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Should_wake_a_thread_for_each_run_that_comes_while_others_are_about_to_sleep(int threadsCount)
    {
        var executor = new ParkingExecutor("spec", threadsCount, _failures.Enqueue);
        for (var i = 0; i < 30_000; i++)
        {
            using var done = new ManualResetEventSlim();
            executor.Execute(new Step(done.Set));
            done.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        }

        executor.Shutdown();
    }

    [Fact]
    public void Should_run_what_was_added_just_before_it_is_shut_down()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var executor = new ParkingExecutor("spec", 1, _failures.Enqueue);
            using var done = new ManualResetEventSlim();
            executor.Execute(new Step(done.Set));
            executor.Shutdown();
            done.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Should_run_or_refuse_each_that_is_added_while_it_is_shut_down()
    {
        for (var i = 0; i < 500; i++)
        {
            var executor = new ParkingExecutor("spec", 2, _failures.Enqueue);
            var (added, ran) = (0, 0);
            using var start = new Barrier(2);
            var adding = Task.Run(() =>
            {
                start.SignalAndWait();
                try
                {
                    while (added < 10_000)
                    {
                        executor.Execute(new Step(() => Interlocked.Increment(ref ran)));
                        added++;
                    }
                }
                catch (RejectedExecutionException)
                {
                }
            });
            start.SignalAndWait();
            executor.Shutdown();
            await adding;

            await Until.TrueAsync(() => Volatile.Read(ref ran) == added, () => $"{ran} of {added} ran");
        }
    }

    [Fact]
    public async Task Should_have_all_threads_at_work_when_each_run_waits_for_the_others()
    {
        await Until.TrueAsync(() => _executor.ParkedThreadsCount == ThreadsCount);
        using var all = new Barrier(ThreadsCount + 1);

        for (var i = 0; i < ThreadsCount; i++) _executor.Execute(new Step(() => all.SignalAndWait(TimeSpan.FromSeconds(30))));

        all.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_wake_another_thread_when_a_run_adds_one_that_it_waits_for()
    {
        await Until.TrueAsync(() => _executor.ParkedThreadsCount == ThreadsCount);
        using var outer = new ManualResetEventSlim();
        var isInnerDone = false;

        _executor.Execute(new Step(() =>
        {
            using var inner = new ManualResetEventSlim();
            _executor.Execute(new Step(inner.Set));
            isInnerDone = inner.Wait(TimeSpan.FromSeconds(30));
            outer.Set();
        }));

        outer.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
        isInnerDone.ShouldBeTrue();
    }

    [Fact]
    public async Task Should_sleep_with_all_threads_when_there_is_nothing_to_do()
    {
        var left = new CountdownEvent(1_000);
        for (var i = 0; i < 1_000; i++) _executor.Execute(new Step(() => left.Signal()));
        left.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();

        await Until.TrueAsync(() => _executor.ParkedThreadsCount == ThreadsCount);
    }

    [Fact]
    public async Task Should_tell_what_a_run_threw_and_go_on()
    {
        using var executor = new OneThread(_failures.Enqueue);
        using var done = new ManualResetEventSlim();

        executor.Parking.Execute(new Step(() => throw new InvalidOperationException("thrown")));
        executor.Parking.Execute(new Step(done.Set));

        done.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        await Until.TrueAsync(() => !_failures.IsEmpty);
        _failures.ShouldHaveSingleItem().Message.ShouldBe("thrown");
    }

    [Fact]
    public void Should_run_what_waits_and_refuse_more_when_it_is_shut_down()
    {
        using var executor = new OneThread(_failures.Enqueue);
        using var hold = new ManualResetEventSlim();
        var left = new CountdownEvent(3);
        executor.Parking.Execute(new Step(() => hold.Wait(TimeSpan.FromSeconds(30))));
        for (var i = 0; i < 3; i++) executor.Parking.Execute(new Step(() => left.Signal()));

        executor.Parking.Shutdown();
        hold.Set();

        left.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        Should.Throw<RejectedExecutionException>(() => executor.Parking.Execute(new Step(() => { })));
    }

    [Fact]
    public async Task Should_end_its_threads_when_it_is_shut_down()
    {
        var threads = new ConcurrentBag<Thread>();
        using var all = new Barrier(ThreadsCount + 1);
        for (var i = 0; i < ThreadsCount; i++)
        {
            _executor.Execute(new Step(() =>
            {
                threads.Add(Thread.CurrentThread);
                all.SignalAndWait(TimeSpan.FromSeconds(30));
            }));
        }

        all.SignalAndWait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        threads.Distinct().Count().ShouldBe(ThreadsCount);
        await Until.TrueAsync(() => _executor.ParkedThreadsCount == ThreadsCount);

        _executor.Shutdown();

        await Until.TrueAsync(() => threads.All(thread => !thread.IsAlive));
    }

    private sealed class OneThread(Action<Exception> onFailure) : IDisposable
    {
        public ParkingExecutor Parking { get; } = new("one", 1, onFailure);

        public void Dispose() => Parking.Shutdown();
    }

    private sealed class Step(Action action) : IRunnable
    {
        void IRunnable.Run() => action();

        public void Execute() => action();
    }
}
