using Im.Actors.Connections;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Connections;

public sealed class UserIndexSpecs : IDisposable
{
    private static readonly UserKey Alice = new(new AppId(101), new UserId("alice"));

    private readonly UserIndex _index = new();
    private readonly DetachedSlots _slots = new();

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Should_find_all_connections_of_a_user_when_there_are_several()
    {
        var slots = _slots.Make(3);
        foreach (var slot in slots) _index.Add(Alice, slot);

        _index.Find(Alice).ShouldBe(slots);
        _index.ConnectionsCount.ShouldBe(3);
        _index.UsersCount.ShouldBe(1);
    }

    [Fact]
    public void Should_forget_the_user_when_the_last_connection_is_removed()
    {
        var slots = _slots.Make(3);
        foreach (var slot in slots) _index.Add(Alice, slot);

        foreach (var slot in slots) _index.Remove(Alice, slot);

        _index.Find(Alice).ShouldBeEmpty();
        _index.ConnectionsCount.ShouldBe(0);
        _index.UsersCount.ShouldBe(0);
    }

    [Fact]
    public void Should_list_the_users_of_one_app_when_it_is_asked_for()
    {
        _index.Add(Alice, _slots.Make(1)[0]);
        _index.Add(new UserKey(new AppId(102), new UserId("bob")), _slots.Make(1)[0]);

        _index.Users(new AppId(101)).ShouldBe([Alice]);
        _index.Users(null).Count.ShouldBe(2);
    }

    [Fact]
    public void Should_change_nothing_when_an_unknown_connection_is_removed()
    {
        var slots = _slots.Make(2);
        _index.Add(Alice, slots[0]);

        _index.Remove(Alice, slots[1]);
        _index.Remove(new UserKey(new AppId(101), new UserId("nobody")), slots[1]);

        _index.Find(Alice).ShouldBe([slots[0]]);
        _index.ConnectionsCount.ShouldBe(1);
    }
}
