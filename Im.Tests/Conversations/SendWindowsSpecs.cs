using Im.Actors.Conversations;
using Shouldly;
using Xunit;

namespace Im.Tests.Conversations;

public sealed class SendWindowsSpecs
{
    private readonly SendWindows _windows = new();

    [Fact]
    public void Should_take_only_the_next_number_when_a_window_is_known()
    {
        Take(1, 1, oldest: 1);

        Decide(1, 3, oldest: 1).ShouldBe(WindowDecision.Drop);
        Decide(1, 2, oldest: 1).ShouldBe(WindowDecision.Take);
        Decide(1, 1, oldest: 1).ShouldBe(WindowDecision.Repeat);
    }

    [Fact]
    public void Should_begin_at_the_oldest_unanswered_when_the_window_is_not_known()
    {
        Decide(4, 7, oldest: 5).ShouldBe(WindowDecision.Drop);
        Decide(4, 5, oldest: 5).ShouldBe(WindowDecision.Take);
    }

    [Fact]
    public void Should_take_the_oldest_unanswered_of_a_known_window_when_those_before_it_were_answered_by_another()
    {
        Take(1, 1, oldest: 1);

        Decide(1, 4, oldest: 3).ShouldBe(WindowDecision.Drop);
        Decide(1, 3, oldest: 3).ShouldBe(WindowDecision.Take);
    }

    [Fact]
    public void Should_take_nothing_more_of_a_window_when_it_is_broken()
    {
        Take(1, 1, oldest: 1);
        _windows.Break(Place(1, 2, 1));

        Decide(1, 2, oldest: 1).ShouldBe(WindowDecision.Drop);
        Decide(1, 3, oldest: 1).ShouldBe(WindowDecision.Drop);
        _windows.IsBroken(Place(1, 3, 1)).ShouldBeTrue();
        Decide(2, 1, oldest: 1).ShouldBe(WindowDecision.Take);
    }

    [Fact]
    public void Should_drop_what_is_of_an_older_window()
    {
        Take(2, 1, oldest: 1);

        Decide(1, 1, oldest: 1).ShouldBe(WindowDecision.Drop);
        _windows.IsBroken(Place(1, 1, 1)).ShouldBeTrue();
    }

    [Fact]
    public void Should_keep_the_windows_of_connections_apart()
    {
        Take(1, 1, oldest: 1);

        _windows.Decide(new SendPlace("n1-2", 1, 1, 1, false)).ShouldBe(WindowDecision.Take);
    }

    [Fact]
    public void Should_forget_all_rather_than_grow_without_bound_when_everything_is_refused()
    {
        for (var i = 0; i < SendWindows.MaxCount; i++) _windows.Break(new SendPlace($"n2-{i}", 1, 1, 1, false));
        _windows.IsBroken(new SendPlace("n2-0", 1, 1, 1, false)).ShouldBeTrue();

        _windows.Break(Place(1, 1, 1));

        _windows.IsBroken(Place(1, 1, 1)).ShouldBeTrue();
        _windows.IsBroken(new SendPlace("n2-0", 1, 1, 1, false)).ShouldBeFalse();
    }

    private void Take(long window, long number, long oldest)
    {
        Decide(window, number, oldest).ShouldBe(WindowDecision.Take);
        _windows.Taken(Place(window, number, oldest));
    }

    private WindowDecision Decide(long window, long number, long oldest) => _windows.Decide(Place(window, number, oldest));

    private static SendPlace Place(long window, long number, long oldest) => new("n1-1", window, number, oldest, false);
}
