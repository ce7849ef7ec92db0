using Im.Cli.Bench.Room;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class DeliveryBookSpecs
{
    [Fact]
    public void Should_find_nothing_when_every_receiver_has_all_in_order() => Judge([0, 1, 2], [0, 1, 2]).ShouldBe(new DeliveryFaults(0, 0, 0));

    [Fact]
    public void Should_find_a_loss_when_one_in_the_middle_never_came() => Judge([0, 1, 2], [0, 2]).ShouldBe(new DeliveryFaults(1, 0, 0));

    [Fact]
    public void Should_find_a_loss_when_the_last_never_came() => Judge([0, 1, 2], [0, 1]).ShouldBe(new DeliveryFaults(1, 0, 0));

    [Fact]
    public void Should_find_a_double_when_one_came_twice() => Judge([0, 1, 1, 2], [0, 1, 2]).ShouldBe(new DeliveryFaults(0, 1, 0));

    [Fact]
    public void Should_find_a_double_when_a_late_one_came_twice() => Judge([0, 2, 1, 1], [0, 1, 2]).ShouldBe(new DeliveryFaults(0, 1, 1));

    [Fact]
    public void Should_find_a_swap_when_two_changed_places() => Judge([1, 0, 2], [0, 1, 2]).ShouldBe(new DeliveryFaults(0, 0, 1));

    [Fact]
    public void Should_find_a_double_when_one_of_an_earlier_run_comes_again()
    {
        var book = new DeliveryBook(1, first: 10);
        book.Note(0, 9).ShouldBeFalse();
        book.Note(0, 10).ShouldBeTrue();
        book.Close(11).ShouldBe(new DeliveryFaults(0, 1, 0));
    }

    [Fact]
    public void Should_not_ask_the_receiver_that_is_excluded()
    {
        var book = new DeliveryBook(2, first: 0);
        book.Note(1, 0);
        book.Close(1).Missing.ShouldBe(1);
        book.Close(1, excluded: 0).None.ShouldBeTrue();
    }

    private static DeliveryFaults Judge(int[] first, int[] second)
    {
        var book = new DeliveryBook(2, first: 0);
        foreach (var number in first) book.Note(0, number);
        foreach (var number in second) book.Note(1, number);
        return book.Close(3);
    }
}
