using Im.Actors.Nodes.Gate;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Nodes.Gate;

public sealed class GateQueueSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeGate _gate = new();
    private readonly List<int> _passed = [];
    private readonly GateQueue<int> _queue;

    public GateQueueSpecs()
    {
        _gate.Start(_time, TimeSpan.FromSeconds(4));
        _queue = new GateQueue<int>(_gate, _passed.Add);
    }

    [Fact]
    public void Should_let_pass_at_once_when_the_gate_is_open()
    {
        _queue.Pass(1);

        _passed.ShouldBe([1]);
    }

    [Fact]
    public void Should_hold_from_the_moment_that_the_node_stood_still_and_keep_the_order()
    {
        _queue.Pass(1);
        _time.Advance(TimeSpan.FromSeconds(5));
        _queue.Pass(2);
        _gate.Beat();
        _queue.Pass(3);
        _passed.ShouldBe([1]);

        _gate.Open(_gate.NowMs).ShouldBeTrue();
        _queue.Pass(4);

        _passed.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Should_stop_in_between_when_the_gate_closes_again()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _gate.Beat();
        var halting = new GateQueue<int>(_gate, item =>
        {
            _passed.Add(item);
            _time.Advance(TimeSpan.FromSeconds(5));
        });
        halting.Pass(1);
        halting.Pass(2);

        _gate.Open(_gate.NowMs);

        _passed.ShouldBe([1]);
    }

    [Fact]
    public void Should_let_the_rest_go_when_the_node_ends_closed()
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        _gate.Beat();
        _queue.Pass(1);

        _gate.End();
        _queue.Pass(2);

        _passed.ShouldBe([1, 2]);
    }
}
