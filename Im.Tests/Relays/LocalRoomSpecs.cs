using Im.Actors.Relays;
using Im.Protocol.Names;
using Im.Tests.Connections;
using Shouldly;
using Xunit;

namespace Im.Tests.Relays;

public sealed class LocalRoomSpecs : IDisposable
{
    private readonly DetachedSlots _slots = new();
    private readonly LocalRoom _room = new(new ConversationKey(new AppId(101), ConversationId.Lobby), lanes: 2);

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Should_count_a_user_once_when_several_connections_claim()
    {
        _room.Claim("alice").ShouldBeTrue();
        _room.Claim("alice").ShouldBeFalse();

        _room.UsersCount.ShouldBe(1);
        _room.Unclaim("alice").ShouldBeFalse();
        _room.Unclaim("alice").ShouldBeTrue();
        _room.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Should_name_only_users_that_are_in_when_others_wait()
    {
        _room.Claim("alice");
        _room.Claim("bob");

        _room.Activate("bob", _slots.Make(1)[0]);

        _room.ActiveUsers.ShouldBe(["bob"]);
    }

    [Fact]
    public void Should_give_all_connections_of_a_user_when_they_are_in()
    {
        var slots = _slots.Make(3);
        foreach (var slot in slots)
        {
            _room.Claim("alice");
            _room.Activate("alice", slot);
        }

        _room.SlotsOf("alice").ShouldBe(slots);
        _room.Deactivate("alice", slots[1]).ShouldBeTrue();
        _room.SlotsOf("alice").ShouldBe([slots[0], slots[2]]);
        _room.IsActive("alice", slots[1]).ShouldBeFalse();
    }

    [Fact]
    public void Should_refuse_to_take_out_when_the_connection_is_not_in()
    {
        _room.Claim("alice");

        _room.Deactivate("alice", _slots.Make(1)[0]).ShouldBeFalse();
        _room.Deactivate("nobody", _slots.Make(1)[0]).ShouldBeFalse();
        _room.Unclaim("nobody").ShouldBeFalse();
    }
}
