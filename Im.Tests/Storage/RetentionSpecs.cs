using Im.Actors.Conversations.Store;
using Im.Node.Storage.Retention;
using Im.Protocol.Names;
using Im.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

public abstract class RetentionSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(FirstMs));

    [StoreFact]
    public async Task Should_remove_the_oldest_when_a_room_has_too_many()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomMaxRecordsCount = 100 });
        await Store.CommitAsync(First(Room(), 1_300));
        await Store.CommitAsync(First(Group(), 300, Joins("bob")));

        await SweepAsync();

        var row = (await Store.RowAsync(Room())).ShouldNotBeNull();
        (row.First, row.Head).ShouldBe((1_201, 1_300));
        (await Store.HistoryAsync(Room(), after: 0)).ShouldSatisfyAllConditions(page => page.First.ShouldBe(1_201), page => page.Records[0].Mseq.ShouldBe(1_201), page => page.Records.Count.ShouldBe(100));
        (await Store.RowAsync(Group())).ShouldNotBeNull().First.ShouldBe(1, "groups have no bound by count");
    }

    [StoreFact]
    public async Task Should_remove_a_prefix_by_age_when_only_some_are_too_old()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomAge = TimeSpan.FromHours(1), InboxAge = TimeSpan.FromHours(2), GroupAge = TimeSpan.FromHours(3) });
        foreach (var name in new[] { "r:a", "u:a", "p:a|b" }) await Store.CommitAsync(First(new ConversationKey(App, new ConversationId(name)), 10));
        _time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMilliseconds(5));

        await SweepAsync();

        (await FirstAsync("r:a"), await FirstAsync("u:a"), await FirstAsync("p:a|b")).ShouldBe((11, 5, 1));
        (await Store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(10, "the head never goes down");
    }

    [StoreFact]
    public async Task Should_go_on_at_the_head_when_everything_is_gone()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomAge = TimeSpan.FromHours(1) });
        await Store.CommitAsync(First(Room(), 10));
        _time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();

        (await Store.HistoryAsync(Room())).ShouldSatisfyAllConditions(page => page.First.ShouldBe(11), page => page.Head.ShouldBe(10), page => page.Records.ShouldBeEmpty());
        await Store.CommitAsync(Part(Room(), 10, Append(Record(11, ts: _time.GetUtcNow().ToUnixTimeMilliseconds()))));
        (await Store.HistoryAsync(Room())).Records.ShouldHaveSingleItem().Mseq.ShouldBe(11);
    }

    [StoreFact]
    public async Task Should_fence_a_stale_owner_when_retention_has_removed_what_it_knew()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomAge = TimeSpan.FromHours(1) });
        await Store.CommitAsync(First(Room(), 5));
        await Store.CommitAsync(Part(Room(), 5, Append(Record(6)), Append(Record(7))));
        _time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();
        await using var other = await OtherNodeAsync();

        var answers = await Task.WhenAll(
            other.AppendAsync(Part(Room(), 5, Append(Record(6, text: "stale", cid: "s")))),
            Store.AppendAsync(Part(Room(), 7, Append(Record(8)))));

        answers.Select(answer => answer.Outcome).ShouldBe([AppendOutcome.Fenced, AppendOutcome.Committed]);
        (await Store.HistoryAsync(Room())).Records.ShouldHaveSingleItem().Mseq.ShouldBe(8);
    }

    [StoreFact]
    public async Task Should_find_a_cid_when_its_message_is_gone()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomAge = TimeSpan.FromHours(1) });
        await Store.CommitAsync(First(Room(), 10));
        _time.Advance(TimeSpan.FromHours(47));
        await SweepAsync();

        (await Store.FindCidsAsync(Room(), [("alice", "c3")])).Found[("alice", "c3")].Mseq.ShouldBe(3);

        _time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();
        (await Store.FindCidsAsync(Room(), [("alice", "c3")])).Found.ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_forget_a_delivery_when_a_day_has_passed()
    {
        await ReopenWithAsync(new RetentionPolicy());
        var push = Record(1);
        await Store.CommitAsync(Part(Group(), 0, Append(push, deliveryUser: "bob")) with { Creates = true });
        (await Store.FindDeliveryAsync(App, push.MessageId)).ShouldNotBeNull();

        _time.Advance(TimeSpan.FromHours(25));

        (await Store.FindDeliveryAsync(App, push.MessageId)).ShouldBeNull("it has expired");
        await SweepAsync();
        (await Store.RemoveDeliveriesAsync(long.MaxValue, 10)).ShouldBe(0, "the row is gone");
    }

    [StoreFact]
    public async Task Should_not_be_recovered_when_what_was_missed_is_partly_gone()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomMaxRecordsCount = 100 });
        await Store.CommitAsync(First(Room(), 150));
        await SweepAsync();

        (await SyncAsync(49)).IsRecovered.ShouldBeFalse();
        (await SyncAsync(50)).ShouldSatisfyAllConditions(synced => synced.IsRecovered.ShouldBeTrue(), synced => synced.First.ShouldBe(51), synced => synced.Records.Count.ShouldBe(100));

        async Task<SyncedConversation> SyncAsync(long cursor) =>
            (await Store.SyncAsync(new SyncQuery(App, "bob", [new SyncCursor("r:a", Epoch, cursor, Open: true)], ListOwn: false))).Conversations[0];
    }

    [StoreFact]
    public async Task Should_say_of_nobody_that_it_has_a_push_when_the_push_was_removed()
    {
        var inbox = new ConversationKey(App, new ConversationId("u:bob"));
        await ReopenWithAsync(new RetentionPolicy { InboxAge = TimeSpan.FromHours(1) });
        await Store.CommitAsync(First(inbox, 1, Joins("bob")));
        var push = Record(2, from: "system");
        await Store.CommitAsync(Part(inbox, 1, Append(push, deliveryUser: "bob")));
        Store.Move(new CursorMove(App, "bob", "phone", "u:bob", Epoch, 2, null));
        await Store.FlushAsync();
        (await Store.FindDeliveryAsync(App, push.MessageId)).ShouldNotBeNull().Acked.ShouldBe(["phone"]);

        _time.Advance(TimeSpan.FromHours(2));
        await SweepAsync();

        (await Store.FindDeliveryAsync(App, push.MessageId)).ShouldNotBeNull().Acked.ShouldBeEmpty("a device that came later skipped it and acked what follows");
    }

    [StoreFact]
    public async Task Should_sweep_by_itself_when_its_interval_has_passed()
    {
        await ReopenWithAsync(new RetentionPolicy { RoomMaxRecordsCount = 100, SweepInterval = TimeSpan.FromSeconds(5) });
        await Store.CommitAsync(First(Room(), 130));

        await Until.TrueAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return (await Store.RowAsync(Room()))!.First == 31;
        });
    }

    private Task ReopenWithAsync(RetentionPolicy policy) => ReopenAsync(Fixture.Settings with { Retention = policy }, _time);

    private Task SweepAsync() => Store.SweepAsync(CancellationToken.None);

    private async Task<long> FirstAsync(string name) => (await Store.RowAsync(new ConversationKey(App, new ConversationId(name)))).ShouldNotBeNull().First;
}
