using Im.Actors.Connections;
using Im.Actors.Relays;
using Im.Tests.Connections;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

public sealed class LaneRoomSpecs : IDisposable
{
    private readonly DetachedSlots _slots = new();
    private readonly LaneRoom _room = new();

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Should_hold_who_was_added_and_not_removed_when_members_come_and_go()
    {
        var random = new Random(5);
        var all = _slots.Make(60);
        var expected = new HashSet<ConnectionSlot>();
        for (var i = 0; i < 2_000; i++)
        {
            var slot = all[random.Next(all.Length)];
            if (expected.Add(slot))
            {
                _room.Add(slot);
            }
            else
            {
                expected.Remove(slot);
                _room.Remove(slot);
            }

            _room.Members.ToArray().ShouldBe(expected, ignoreOrder: true);
        }
    }

    [Fact]
    public void Should_change_nothing_when_a_stranger_is_removed()
    {
        var slots = _slots.Make(2);
        _room.Add(slots[0]);

        _room.Remove(slots[1]);

        _room.Members.ToArray().ShouldBe([slots[0]]);
    }
}
