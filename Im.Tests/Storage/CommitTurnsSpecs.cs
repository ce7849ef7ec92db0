using Im.Node.Storage.Postgres;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

public sealed class CommitTurnsSpecs : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CommitTurns _turns;

    public CommitTurnsSpecs() => _turns = new CommitTurns(_time);

    [Fact]
    public async Task Should_give_the_turn_on_when_the_one_before_is_done()
    {
        (await _turns.WaitAsync()).ShouldBeTrue();
        var next = _turns.WaitAsync();
        var waited = !next.IsCompleted;
        _turns.Pass();

        waited.ShouldBeTrue();
        (await next.WaitAsync(TimeSpan.FromSeconds(60))).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_let_others_go_beside_when_the_one_before_takes_long()
    {
        (await _turns.WaitAsync()).ShouldBeTrue();

        (await WaitInVainAsync()).ShouldBeFalse();
        (await WaitInVainAsync()).ShouldBeFalse();

        _turns.Pass();
        (await _turns.WaitAsync()).ShouldBeTrue();
    }

    /// <summary>Asks for the turn while the patience passes.</summary>
    private async Task<bool> WaitInVainAsync()
    {
        var turn = _turns.WaitAsync();
        _time.Advance(CommitTurns.Patience - TimeSpan.FromMilliseconds(1));
        turn.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        return await turn.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public void Dispose() => _turns.Dispose();
}
