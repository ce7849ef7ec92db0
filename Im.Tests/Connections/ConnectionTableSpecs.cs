using Im.Actors.Connections;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class ConnectionTableSpecs : IDisposable
{
    private readonly ConnectionTable _table = new(maxCount: 3);
    private readonly DetachedSlots _slots = new();

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Should_give_no_number_twice_when_places_are_reused()
    {
        var numbers = new HashSet<long>();
        for (var i = 0; i < 500; i++)
        {
            _table.TryReserve().ShouldBeTrue();
            var slot = _table.Add(_slots.Make);
            numbers.Add(slot.Number).ShouldBeTrue();
            _table.Find(slot.Number).ShouldBeSameAs(slot);
            _table.Remove(slot);
            _table.Find(slot.Number).ShouldBeNull();
        }

        _table.Count.ShouldBe(0);
    }

    [Fact]
    public void Should_find_only_the_new_connection_when_its_place_was_another_ones()
    {
        var old = _table.Add(_slots.Make);
        _table.Remove(old);

        var slot = _table.Add(_slots.Make);

        (slot.Number & 0xFFFFFF).ShouldBe(old.Number & 0xFFFFFF);
        _table.Find(old.Number).ShouldBeNull();
        _table.Find(slot.Number).ShouldBeSameAs(slot);
    }

    [Fact]
    public void Should_refuse_a_reservation_when_it_is_full()
    {
        for (var i = 0; i < 3; i++) _table.TryReserve().ShouldBeTrue();
        _table.TryReserve().ShouldBeFalse();

        _table.Unreserve();

        _table.TryReserve().ShouldBeTrue();
        _table.TryReserve().ShouldBeFalse();
    }

    [Fact]
    public void Should_give_one_reservation_back_when_a_connection_is_removed_twice()
    {
        for (var i = 0; i < 3; i++) _table.TryReserve();
        var slot = _table.Add(_slots.Make);

        _table.Remove(slot);
        _table.Remove(slot);

        _table.TryReserve().ShouldBeTrue();
        _table.TryReserve().ShouldBeFalse();
    }

    [Fact]
    public void Should_list_what_is_there_when_it_has_grown()
    {
        var slots = Enumerable.Range(0, 200).Select(_ => _table.Add(_slots.Make)).ToArray();
        foreach (var slot in slots.Where((_, i) => i % 2 == 0)) _table.Remove(slot);

        _table.Snapshot().ShouldBe(slots.Where((_, i) => i % 2 == 1), ignoreOrder: true);
        _table.Count.ShouldBe(100);
    }
}
