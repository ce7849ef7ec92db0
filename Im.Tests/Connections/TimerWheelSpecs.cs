using Im.Actors.Connections;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class TimerWheelSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TimerWheel _wheel;

    public TimerWheelSpecs() => _wheel = new TimerWheel(_time);

    public void Dispose() => _wheel.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(49)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(1_000)]
    [InlineData(30_000)]
    [InlineData(360_000)]
    public void Should_call_neither_before_the_deadline_nor_much_later_when_it_is_due(int afterMs)
    {
        var entry = new Entry();
        _time.Advance(TimeSpan.FromMilliseconds(100));
        var due = _wheel.NowMs + afterMs;
        _wheel.Schedule(entry, due);

        _time.Advance(TimeSpan.FromMilliseconds(afterMs + 2 * TimerWheel.TickMs));

        entry.Calls.Count.ShouldBe(1);
        entry.Calls[0].ShouldBeInRange(due, due + 2 * TimerWheel.TickMs);
    }

    [Fact]
    public void Should_call_no_more_when_it_was_cancelled()
    {
        var entry = new Entry();
        _wheel.Schedule(entry, 1_000);

        _wheel.Cancel(entry);
        Pass(5);

        entry.Calls.ShouldBeEmpty();
        _wheel.Count.ShouldBe(0);
    }

    [Fact]
    public void Should_call_once_when_the_deadline_was_moved()
    {
        var entry = new Entry();
        _wheel.Schedule(entry, 1_000);
        _wheel.Schedule(entry, 3_000);
        _wheel.Schedule(entry, 2_000);

        Pass(5);

        entry.Calls.Count.ShouldBe(1);
        entry.Calls[0].ShouldBeInRange(2_000, 2_100);
    }

    [Fact]
    public void Should_call_again_when_the_entry_names_its_next_deadline()
    {
        var entry = new Entry { NextDue = now => now < 2_500 ? now + 1_000 : 0 };
        _wheel.Schedule(entry, 1_000);

        Pass(10);

        entry.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public void Should_keep_the_deadline_that_was_set_while_the_entry_ran()
    {
        Entry entry = null!;
        entry = new Entry
        {
            NextDue = now =>
            {
                if (now > 1_500) return 0;
                _wheel.Schedule(entry, 4_000);
                return 2_000;
            },
        };
        _wheel.Schedule(entry, 1_000);

        Pass(10);

        entry.Calls.Count.ShouldBe(2);
        entry.Calls[1].ShouldBeInRange(4_000, 4_100);
    }

    [Fact]
    public void Should_call_late_but_once_when_time_jumped()
    {
        var entries = Enumerable.Range(1, 50).Select(_ => new Entry()).ToArray();
        for (var i = 0; i < entries.Length; i++) _wheel.Schedule(entries[i], i * 20_000);

        _time.Advance(TimeSpan.FromHours(1));

        entries.ShouldAllBe(entry => entry.Calls.Count >= 1);
        _wheel.Count.ShouldBe(0);
    }

    [Fact]
    public void Should_give_readers_a_second_when_the_process_stood_still()
    {
        var time = new StoppedTime();
        using var wheel = new TimerWheel(time);
        var entry = new Entry();
        wheel.Schedule(entry, 3_000);

        time.Pass(TimeSpan.FromSeconds(10));
        for (var ticks = 0; ticks < 20; ticks++)
        {
            entry.Calls.ShouldBeEmpty();
            time.Pass(TimeSpan.FromMilliseconds(TimerWheel.TickMs));
        }

        entry.Calls.Count.ShouldBe(1);
    }

    /// <summary>Tick by tick, as real time does.</summary>
    private void Pass(int seconds)
    {
        for (var ticks = seconds * 1_000 / TimerWheel.TickMs; ticks > 0; ticks--) _time.Advance(TimeSpan.FromMilliseconds(TimerWheel.TickMs));
    }

    private sealed class Entry : WheelEntry
    {
        public List<long> Calls { get; } = [];

        public Func<long, long>? NextDue { get; init; }

        protected internal override long OnDue(long nowMs)
        {
            Calls.Add(nowMs);
            return NextDue?.Invoke(nowMs) ?? 0;
        }
    }

    /// <summary>A clock whose timer ticks once after each step, however long it was: a process that was frozen.</summary>
    private sealed class StoppedTime : TimeProvider
    {
        private long _now;
        private Action _tick = () => { };

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _tick = () => callback(state);
            return new NoTimer();
        }

        public void Pass(TimeSpan step)
        {
            _now += step.Ticks;
            _tick();
        }

        private sealed class NoTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
