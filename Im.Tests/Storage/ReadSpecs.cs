using Im.Actors.Conversations.Store;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

public abstract class ReadSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    [StoreFact]
    public async Task Should_say_that_there_is_no_conversation_when_there_is_none()
    {
        (await Store.RowAsync(Room())).ShouldBeNull();
        (await Store.HistoryAsync(Room())).Outcome.ShouldBe(ReadOutcome.NoConversation);
    }

    [StoreTheory]
    [InlineData(null, null, 3, 8, 10)]
    [InlineData(5L, null, 3, 2, 4)]
    [InlineData(2L, null, 3, 1, 1)]
    [InlineData(null, 4L, 3, 5, 7)]
    [InlineData(null, 9L, 3, 10, 10)]
    [InlineData(100L, null, 2, 9, 10)]
    public async Task Should_read_the_page_next_to_a_number_when_asked(long? before, long? after, int limit, long from, long to)
    {
        await Store.CommitAsync(First(Room(), 10));

        var page = await Store.HistoryAsync(Room(), before: before, after: after, limit: limit);

        page.ShouldSatisfyAllConditions(() => page.Outcome.ShouldBe(ReadOutcome.Found), () => page.Epoch.ShouldBe(Epoch), () => page.First.ShouldBe(1), () => page.Head.ShouldBe(10));
        Numbers(page).ShouldBe(Range(from, to));
    }

    [StoreTheory]
    [InlineData(1L, null)]
    [InlineData(null, 10L)]
    public async Task Should_read_an_empty_page_when_nothing_lies_there(long? before, long? after)
    {
        await Store.CommitAsync(First(Room(), 10));

        (await Store.HistoryAsync(Room(), before: before, after: after)).Records.ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_end_a_page_at_192_KiB_when_its_records_are_long()
    {
        var text = new string('x', 16 * 1024);
        await Store.CommitAsync(Part(Room(), 0, Enumerable.Range(1, 30).Select(n => Append(Record(n, text)))) with { Creates = true });

        var newest = Numbers(await Store.HistoryAsync(Room()));
        var oldest = Numbers(await Store.HistoryAsync(Room(), after: 0));

        newest.ShouldBe(Range(20, 30));
        oldest.ShouldBe(Range(1, 11));
    }

    [StoreFact]
    public async Task Should_refuse_a_page_when_the_reader_has_never_been_a_member()
    {
        await Store.CommitAsync(First(Group(), 2, Joins("bob")));

        (await Store.HistoryAsync(Group(), reader: "mallory")).ShouldBe(HistoryPage.Of(ReadOutcome.NotAMember), "no record, no number");
    }

    [StoreFact]
    public async Task Should_show_only_what_was_said_during_a_stay_when_the_reader_came_late_and_left()
    {
        await Store.CommitAsync(First(Group(), 10, Joins("bob"), Joins("carol", at: 3)));
        await Store.CommitAsync(Part(Group(), 10, Append(Record(11))) with { Members = [Leaves("carol", 11)] });
        await Store.CommitAsync(Part(Group(), 11, Append(Record(12))));

        var page = await Store.HistoryAsync(Group(), reader: "carol");

        (page.First, page.Head).ShouldBe((3, 11));
        Numbers(page).ShouldBe(Range(3, 11));
        Numbers(await Store.HistoryAsync(Group(), reader: "carol", after: 0, limit: 2)).ShouldBe(Range(3, 4));
        Numbers(await Store.HistoryAsync(Group(), reader: "carol", after: 11)).ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_page_over_the_time_away_when_the_reader_has_two_stays()
    {
        await Store.CommitAsync(First(Group(), 4, Joins("carol"), Joins("bob")));
        await Store.CommitAsync(Part(Group(), 4, Append(Record(5))) with { Members = [Leaves("carol", 5)] });
        await Store.CommitAsync(Part(Group(), 5, Append(Record(6)), Append(Record(7))));
        await Store.CommitAsync(Part(Group(), 7, Append(Record(8)), Append(Record(9))) with { Members = [Joins("carol", at: 8)] });

        Numbers(await Store.HistoryAsync(Group(), reader: "carol")).ShouldBe(Range(8, 9));
        Numbers(await Store.HistoryAsync(Group(), reader: "carol", before: 8)).ShouldBe(Range(1, 5));
        Numbers(await Store.HistoryAsync(Group(), reader: "carol", after: 5)).ShouldBe(Range(8, 9));
        (await Store.RowAsync(Group())).ShouldNotBeNull().Members.Single(member => member.User == "carol").FromMseq.ShouldBe(8);
    }

    [StoreFact]
    public async Task Should_read_from_the_first_record_when_the_member_change_says_so()
    {
        await Store.CommitAsync(First(Group(), 3));
        await Store.CommitAsync(Part(Group(), 3, Append(Record(4))) with { Members = [Joins("bob", at: 4) with { ReadsFrom = 1 }] });

        Numbers(await Store.HistoryAsync(Group(), reader: "bob")).ShouldBe(Range(1, 4));
    }

    [StoreFact]
    public async Task Should_keep_the_stay_when_a_member_changes_role()
    {
        await Store.CommitAsync(First(Group(), 2, Joins("bob")));
        await Store.CommitAsync(Part(Group(), 2, Append(Record(3))) with { Members = [Joins("bob", at: 3, role: MemberRole.Muted)] });

        (await Store.RowAsync(Group())).ShouldNotBeNull().Members.ShouldBe([new MemberRow("bob", MemberRole.Muted, 1, null)]);
    }

    [StoreFact]
    public async Task Should_find_the_stored_cids_when_some_of_those_asked_for_are()
    {
        var record = Record(1, cid: "x");
        await Store.CommitAsync(Part(Room(), 0, Append(record), Append(Record(2, cid: "x", from: "bob"))) with { Creates = true });

        var (isAvailable, found) = await Store.FindCidsAsync(Room(), [("alice", "x"), ("alice", "y"), ("carol", "x")]);

        isAvailable.ShouldBeTrue();
        found.Keys.ShouldBe([("alice", "x")]);
        var row = found[("alice", "x")];
        (row.Epoch, row.Mseq, row.MessageId, row.TimestampMs).ShouldBe((Epoch, 1, record.MessageId, record.TimestampMs));
        row.PayloadHash.ToArray().ShouldBe(HashOf(record.Text));
        (await Store.FindCidsAsync(Room("other"), [("alice", "x")])).Found.ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_compare_ids_byte_by_byte_when_they_differ_in_case_only()
    {
        await Store.CommitAsync(First(Room("A"), 1));
        await Store.CommitAsync(First(Room("a"), 2));

        (await Store.RowAsync(Room("A"))).ShouldNotBeNull().Head.ShouldBe(1);
        (await Store.FindCidsAsync(Room("a"), [("Alice", "c1")])).Found.ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_load_the_row_when_it_is_locked_first()
    {
        await Store.CommitAsync(First(Group(), 2, Joins("bob")));

        var (isAvailable, row) = await Store.LoadAsync(Group(), locked: true);

        isAvailable.ShouldBeTrue();
        row.ShouldNotBeNull().Head.ShouldBe(2);
        (await Store.LoadAsync(Group("none"), locked: true)).ShouldBe((true, null));
    }

    [StoreFact]
    public async Task Should_list_changed_heads_in_the_order_of_their_changes_when_asked_from_a_change_on()
    {
        await Store.CommitAsync(First(Room("a"), 1));
        await Store.CommitAsync(First(Room("b"), 1));
        await Store.CommitAsync(Part(Room("a"), 1, Append(Record(2))));
        var all = (await Store.ReadChangedAsync(0, long.MaxValue, 100)).ShouldNotBeNull();

        all.Select(head => (head.Conversation, head.Epoch, head.Head)).ShouldBe([(Room("b"), Epoch, 1), (Room("a"), Epoch, 2)]);
        (await Store.ReadChangedAsync(all[0].Change, long.MaxValue, 100)).ShouldBe([all[1]]);
        (await Store.ReadChangedAsync(all[1].Change, long.MaxValue, 100)).ShouldNotBeNull().ShouldBeEmpty();
        (await Store.ReadChangedAsync(all[1].Change, FirstMs + 2, 100)).ShouldBe([all[1]]);
        (await Store.ReadChangedAsync(0, 0, 1)).ShouldBe([all[0]]);
    }

    [StoreFact]
    public async Task Should_read_the_heads_of_those_that_exist_when_many_are_named()
    {
        await Store.CommitAsync(First(Room("a"), 3));

        var heads = (await Store.ReadHeadsAsync(App, ["r:a", "r:none"])).ShouldNotBeNull();

        heads.ShouldHaveSingleItem().Head.ShouldBe(3);
    }

    private static IEnumerable<long> Numbers(HistoryPage page) => page.Records.Select(record => record.Mseq);

    private static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => (long)n);

    [StoreFact]
    public async Task Should_read_a_tombstone_when_a_record_has_expired()
    {
        await Store.CommitAsync(Part(Group(), 0, Append(Record(1) with { ExpiresMs = 1, Ext = "{}" }), Append(Record(2) with { ExpiresMs = long.MaxValue }), Append(Record(3))) with { Creates = true, Members = [Joins("bob")] });

        var page = await Store.HistoryAsync(Group());
        var synced = await Store.SyncAsync(new SyncQuery(App, "bob", [new SyncCursor(Group().Conversation.Value, Epoch, 0, false)], false));

        foreach (var records in new[] { page.Records, synced.Conversations.Single().Records })
        {
            records.Select(record => (record.Text, record.IsRecalled)).ShouldBe([("", true), ("hi", false), ("hi", false)]);
            records[0].Ext.ShouldBeNull();
        }
    }
}
