using System.Globalization;
using Im.Node.Configuration;
using Im.Node.Health;
using Im.Node.Lifetime;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Im.Tests.Lifetime;

public sealed class StartWatchSpecs
{
    private readonly FakeTimeProvider _time = new();
    private readonly NodeReadiness _readiness = new();
    private readonly StringWriter _errors = new(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Should_return_when_the_node_is_ready()
    {
        var watch = Watch();
        foreach (var part in Enum.GetValues<NodePart>()) _readiness.Ready(part);

        await watch.WaitAsync(TimeSpan.FromSeconds(60));
        _errors.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_say_what_is_missing_and_give_up_when_it_never_gets_ready()
    {
        foreach (var part in Enum.GetValues<NodePart>().Except([NodePart.Relays])) _readiness.Ready(part);
        var watch = Watch();

        await AdvanceUntilAsync(() => watch.IsCompleted);

        _errors.ToString().ShouldBe("Not ready after 20 s (relays: starting), still waiting\n  a is away\n".ReplaceLineEndings());
        var failure = await Should.ThrowAsync<StartupException>(watch);
        failure.ExitCode.ShouldBe(ExitCodes.NotReady);
        failure.Lines.ShouldBe(["Not ready after 60 s (relays: starting), giving up", "  a is away"]);
    }

    private Task Watch() => StartWatch.WaitAsync(_readiness, _time, _errors, _ => Task.FromResult<IReadOnlyList<string>>(["  a is away"]), CancellationToken.None);

    /// <summary>Lets time pass in steps, since the next wait begins a moment after the last one has ended.</summary>
    private async Task AdvanceUntilAsync(Func<bool> condition)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            bound.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
