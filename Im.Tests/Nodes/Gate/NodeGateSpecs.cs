using Im.Actors.Nodes.Gate;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Nodes.Gate;

public sealed class NodeGateSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly FakeTimeProvider _time = new();
    private readonly NodeGate _gate = new();
    private int _closures;
    private int _releases;

    public NodeGateSpecs()
    {
        _gate.Start(_time, Patience);
        _gate.OnClosed = () => _closures++;
        _gate.WhenOpen(() => _releases++);
    }

    [Fact]
    public void Should_be_open_when_nobody_has_started_it() => new NodeGate().IsOpen.ShouldBeTrue();

    [Fact]
    public void Should_stay_open_when_every_beat_comes_in_time()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Patience);
            _gate.IsOpen.ShouldBeTrue();
            _gate.Beat();
        }

        _closures.ShouldBe(0);
    }

    [Fact]
    public void Should_be_closed_before_any_beat_when_it_has_stood_still()
    {
        _time.Advance(Patience + TimeSpan.FromMilliseconds(1));

        _gate.IsOpen.ShouldBeFalse();
        _closures.ShouldBe(0);
    }

    [Fact]
    public void Should_stay_closed_when_beats_come_again()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        for (var i = 0; i < 3; i++) _gate.Beat();

        _gate.IsOpen.ShouldBeFalse();
        _closures.ShouldBe(1);
        _releases.ShouldBe(0);
    }

    [Fact]
    public void Should_open_and_release_what_waits_when_it_is_confirmed()
    {
        Close();

        _gate.Open(_gate.NowMs).ShouldBeTrue();

        _gate.IsOpen.ShouldBeTrue();
        _releases.ShouldBe(1);
        _gate.Open(_gate.NowMs).ShouldBeFalse("it is not closed");
    }

    [Fact]
    public void Should_take_no_confirmation_of_before_it_stood_still_again()
    {
        Close();
        var asked = _gate.NowMs;

        _time.Advance(TimeSpan.FromSeconds(20));

        _gate.Open(asked).ShouldBeFalse();
        _gate.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Should_hold_no_longer_than_its_confirmation_when_no_beat_follows()
    {
        Close();
        var asked = _gate.NowMs;
        _time.Advance(TimeSpan.FromSeconds(3));
        _gate.Open(asked).ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(2));

        _gate.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Should_release_what_came_late_with_the_next_beat()
    {
        _gate.Beat();

        _releases.ShouldBe(1);
    }

    [Fact]
    public void Should_never_open_again_when_it_was_closed_at_the_end()
    {
        Close();
        _gate.End();

        _gate.Open(_gate.NowMs).ShouldBeFalse();
        _gate.Beat();

        _gate.IsOpen.ShouldBeFalse();
        _gate.HasEnded.ShouldBeTrue();
        _releases.ShouldBe(1, "what waits must be able to end");
    }

    [Fact]
    public void Should_stay_open_to_the_end_when_it_was_open()
    {
        _gate.End();

        _gate.IsOpen.ShouldBeTrue();
        _gate.HasEnded.ShouldBeFalse();
    }

    private void Close()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        _gate.Beat();
        _gate.IsOpen.ShouldBeFalse();
    }
}
