using Im.Actors.Conversations.Store;
using Im.Protocol.Names;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

/// <summary>Cursors, read marks, delivery rows, last seen, revocations: what is kept besides the records.</summary>
public abstract class MarkSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    [StoreFact]
    public async Task Should_keep_the_higher_cursor_when_moves_come_out_of_order()
    {
        await Store.CommitAsync(First(Group(), 9, Joins("bob")));
        await MoveAsync(delivered: 7, read: 5);
        await MoveAsync(delivered: 3, read: 2);

        (await MarksAsync())["bob"].ShouldBe((7, 5));
    }

    [StoreFact]
    public async Task Should_take_the_highest_of_a_users_devices_when_delivered_is_read()
    {
        await Store.CommitAsync(First(Group(), 9, Joins("bob")));
        await MoveAsync(delivered: 4, device: "phone");
        await MoveAsync(delivered: 6, device: "desk");

        (await MarksAsync())["bob"].ShouldBe((6, 0));
    }

    [StoreFact]
    public async Task Should_drop_a_move_when_it_is_of_an_epoch_that_is_no_more()
    {
        await Store.CommitAsync(First(Group(), 9, Joins("bob")));
        await MoveAsync(delivered: 4, read: 4, epoch: "e0");

        (await MarksAsync()).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_never_move_a_cursor_beyond_the_head()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        await MoveAsync(delivered: 99, read: 99);

        (await MarksAsync())["bob"].ShouldBe((3, 3));
    }

    [StoreFact]
    public async Task Should_write_moves_by_itself_within_a_second()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs));
        await ReopenAsync(time: time);
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        Store.Move(new CursorMove(App, "bob", "d", "g:a", Epoch, 2, null));

        time.Advance(TimeSpan.FromMilliseconds(999));

        await Support.Until.TrueAsync(async () => (await MarksAsync()).ContainsKey("bob"));
    }

    [StoreFact]
    public async Task Should_write_waiting_moves_when_the_store_is_closed()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        Store.Move(new CursorMove(App, "bob", "d", "g:a", Epoch, 2, 1));
        Store.SaveLastSeen(App, "bob", 42);
        await ReopenAsync();

        (await MarksAsync())["bob"].ShouldBe((2, 1));
        (await Store.ReadLastSeenAsync(App, ["bob"])).ShouldNotBeNull()["bob"].ShouldBe(42);
    }

    [StoreFact]
    public async Task Should_name_the_devices_that_acked_when_a_push_is_asked_for()
    {
        var push = Record(2, from: "system");
        await ReopenAsync(time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs)));
        var inbox = new ConversationKey(App, new ConversationId("u:bob"));
        await Store.CommitAsync(First(inbox, 1, Joins("bob")));
        await Store.CommitAsync(Part(inbox, 1, Append(push, deliveryUser: "bob")));
        Store.Move(new CursorMove(App, "bob", "phone", "u:bob", Epoch, 2, null));
        Store.Move(new CursorMove(App, "bob", "desk", "u:bob", Epoch, 1, null));
        await Store.FlushAsync();

        var row = (await Store.FindDeliveryAsync(App, push.MessageId)).ShouldNotBeNull();

        (row.User, row.Conversation, row.Epoch, row.Mseq, row.ExpiresMs).ShouldBe(("bob", "u:bob", Epoch, 2, push.TimestampMs + 24 * 3_600_000));
        row.Acked.ShouldBe(["phone"]);
        (await Store.FindDeliveryAsync(App, "none")).ShouldBeNull();
    }

    [StoreFact]
    public async Task Should_keep_the_latest_time_when_a_user_was_seen_twice()
    {
        Store.SaveLastSeen(App, "bob", 20);
        await Store.FlushAsync();
        Store.SaveLastSeen(App, "bob", 10);
        Store.SaveLastSeen(App, "carol", 5);
        await Store.FlushAsync();

        (await Store.ReadLastSeenAsync(App, ["bob", "carol", "dave"])).ShouldBe(new Dictionary<string, long> { ["bob"] = 20, ["carol"] = 5 }, ignoreOrder: true);
    }

    [StoreFact]
    public async Task Should_number_revocations_upwards_when_they_are_stored()
    {
        var first = await Store.RevokeAsync(App, "bob", null, 100);
        var second = await Store.RevokeAsync(App, null, "jti-1", 0);

        second.Number.ShouldBeGreaterThan(first.Number);
        (await Store.ReadRevocationsAsync(0)).ShouldBe([first, second]);
        (await Store.ReadRevocationsAsync(first.Number)).ShouldBe([second]);
        await ReopenAsync();
        (await Store.RevokeAsync(App, "carol", null, 1)).Number.ShouldBeGreaterThan(second.Number);
    }

    [StoreFact]
    public async Task Should_keep_read_marks_when_the_epoch_of_a_conversation_changes()
    {
        await Store.CommitAsync(First(Group(), 5, Joins("bob")));
        await MoveAsync(delivered: 4, read: 3);

        (await Store.ChangeEpochAsync(Group(), Epoch, "e2")).ShouldBeTrue();
        (await Store.ChangeEpochAsync(Group(), Epoch, "e3")).ShouldBeFalse("it is no more in that epoch");

        (await Store.RowAsync(Group())).ShouldNotBeNull().Epoch.ShouldBe("e2");
        (await MarksAsync())["bob"].ShouldBe((0, 3));
        (await Store.AppendAsync(Part(Group(), 5, Append(Record(6))))).Outcome.ShouldBe(AppendOutcome.Fenced);
        await Store.CommitAsync(Part(Group(), 5, Append(Record(6))) with { Epoch = "e2" });
    }

    [StoreFact]
    public async Task Should_tell_other_nodes_of_a_new_epoch_as_of_an_append()
    {
        await Store.CommitAsync(First(Group(), 5, Joins("bob")));
        var before = (await Store.ReadChangedAsync(0, long.MaxValue, 10)).ShouldNotBeNull()[0].Change;
        await Store.ChangeEpochAsync(Group(), Epoch, "e2");

        (await Store.ReadChangedAsync(before, long.MaxValue, 10)).ShouldNotBeNull().ShouldHaveSingleItem().Epoch.ShouldBe("e2");
    }

    private async Task MoveAsync(long? delivered = null, long? read = null, string device = "d", string epoch = Epoch)
    {
        Store.Move(new CursorMove(App, "bob", device, "g:a", epoch, delivered, read));
        await Store.FlushAsync();
    }

    private async Task<IReadOnlyDictionary<string, (long Delivered, long Read)>> MarksAsync() => (await Store.ReadMarksAsync(Group())).ShouldNotBeNull();
}
