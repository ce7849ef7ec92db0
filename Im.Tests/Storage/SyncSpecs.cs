using Im.Actors.Conversations.Store;
using Im.Protocol.Names;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

public abstract class SyncSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    [StoreTheory]
    [InlineData(7, 8)]
    [InlineData(0, 1)]
    public async Task Should_bring_everything_after_the_cursor_when_it_is_all_there(long cursor, long from)
    {
        await Store.CommitAsync(First(Room(), 10));

        var synced = (await SyncAsync("bob", InRoom("r:a", cursor))).Conversations.ShouldHaveSingleItem();

        (synced.Outcome, synced.IsRecovered, synced.Epoch, synced.First, synced.Head).ShouldBe((ReadOutcome.Found, true, Epoch, 1, 10));
        Numbers(synced).ShouldBe(Range(from, 10));
    }

    [StoreFact]
    public async Task Should_be_recovered_without_records_when_nothing_was_missed()
    {
        await Store.CommitAsync(First(Room(), 10));

        var synced = (await SyncAsync("bob", InRoom("r:a", 10))).Conversations.ShouldHaveSingleItem();

        synced.IsRecovered.ShouldBeTrue();
        synced.Records.ShouldBeEmpty();
    }

    [StoreTheory]
    [InlineData(10, "e0")]
    [InlineData(11, Epoch)]
    public async Task Should_not_be_recovered_when_the_cursor_is_of_another_epoch_or_above_the_head(long cursor, string epoch)
    {
        await Store.CommitAsync(First(Room(), 10));

        var synced = (await SyncAsync("bob", InRoom("r:a", cursor) with { Epoch = epoch })).Conversations.ShouldHaveSingleItem();

        (synced.IsRecovered, synced.Epoch, synced.Head).ShouldBe((false, Epoch, 10));
        Numbers(synced).ShouldBe(Range(1, 10));
    }

    [StoreFact]
    public async Task Should_bring_the_last_50_when_more_than_500_were_missed()
    {
        await Store.CommitAsync(First(Room(), 501));

        var synced = (await SyncAsync("bob", InRoom("r:a", 0))).Conversations.ShouldHaveSingleItem();

        synced.IsRecovered.ShouldBeFalse();
        Numbers(synced).ShouldBe(Range(452, 501));
        (await SyncAsync("bob", InRoom("r:a", 1))).Conversations[0].ShouldSatisfyAllConditions(full => full.IsRecovered.ShouldBeTrue(), full => full.Records.Count.ShouldBe(500));
    }

    [StoreFact]
    public async Task Should_bring_at_most_500_records_when_many_conversations_are_behind()
    {
        for (var n = 0; n < 4; n++) await Store.CommitAsync(Part(Room($"x{n}"), 0, Records(200, n * 1_000)) with { Creates = true });

        var page = await SyncAsync("bob", [.. Enumerable.Range(0, 4).Select(n => InRoom($"r:x{n}", 0))]);

        page.Conversations.Select(synced => synced.Conversation).ShouldBe(["r:x3", "r:x2", "r:x1", "r:x0"], "most recently active first");
        page.Conversations.Select(synced => synced.IsRecovered).ShouldBe([true, true, false, false]);
        page.Conversations.Sum(synced => synced.Records.Count).ShouldBe(500);
        page.Conversations[2].Records.Count.ShouldBe(50);
        page.Conversations[3].ShouldSatisfyAllConditions(last => last.Head.ShouldBe(200), last => last.Records.Count.ShouldBe(50));
    }

    [StoreFact]
    public async Task Should_stay_below_192_KiB_when_records_are_long()
    {
        var text = new string('ü', 8 * 1024);
        await Store.CommitAsync(Part(Room(), 0, Enumerable.Range(1, 30).Select(n => Append(Record(n, text)))) with { Creates = true });

        var synced = (await SyncAsync("bob", InRoom("r:a", 0))).Conversations.ShouldHaveSingleItem();

        synced.IsRecovered.ShouldBeFalse();
        Numbers(synced).ShouldBe(Range(20, 30));
    }

    [StoreFact]
    public async Task Should_refuse_conversations_when_the_user_is_no_member_or_they_do_not_exist()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));

        var page = await SyncAsync("mallory", new SyncCursor("g:a", Epoch, 0, Open: false), new SyncCursor("g:none", Epoch, 0, Open: false), new SyncCursor("r:none", Epoch, 0, Open: true));

        page.Conversations.Select(synced => (synced.Conversation, synced.Outcome, synced.Head, synced.Records.Count)).Order().ShouldBe(
            [("g:a", ReadOutcome.NotAMember, 0, 0), ("g:none", ReadOutcome.NoConversation, 0, 0), ("r:none", ReadOutcome.NoConversation, 0, 0)]);
    }

    [StoreFact]
    public async Task Should_clip_to_the_stay_when_the_user_was_removed()
    {
        await Store.CommitAsync(First(Group(), 5, Joins("bob"), Joins("carol", at: 2)));
        await Store.CommitAsync(Part(Group(), 5, Append(Record(6))) with { Members = [Leaves("carol", 6)] });
        await Store.CommitAsync(Part(Group(), 6, Append(Record(7))));

        var synced = (await SyncAsync("carol", new SyncCursor("g:a", Epoch, 4, Open: false))).Conversations.ShouldHaveSingleItem();

        (synced.IsRecovered, synced.First, synced.Head).ShouldBe((true, 2, 6));
        Numbers(synced).ShouldBe(Range(5, 6));
    }

    [StoreFact]
    public async Task Should_not_be_recovered_when_a_stay_away_lies_after_the_cursor()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob"), Joins("carol")));
        await Store.CommitAsync(Part(Group(), 3, Append(Record(4))) with { Members = [Leaves("carol", 4)] });
        await Store.CommitAsync(Part(Group(), 4, Append(Record(5))));
        await Store.CommitAsync(Part(Group(), 5, Append(Record(6)), Append(Record(7))) with { Members = [Joins("carol", at: 6)] });

        var synced = (await SyncAsync("carol", new SyncCursor("g:a", Epoch, 3, Open: false))).Conversations.ShouldHaveSingleItem();

        synced.IsRecovered.ShouldBeFalse();
        Numbers(synced).ShouldBe(Range(6, 7));
    }

    [StoreFact]
    public async Task Should_list_own_conversations_with_their_last_record_when_no_cursor_names_them()
    {
        await Store.CommitAsync(Part(Group("old"), 0, Records(2, 0)) with { Creates = true, Name = "Old", Members = [Joins("bob")] });
        await Store.CommitAsync(Part(Group("new"), 0, Records(2, 100)) with { Creates = true, Members = [Joins("bob")] });
        await Store.CommitAsync(Part(Group("left"), 0, Records(2, 200)) with { Creates = true, Members = [Joins("bob"), Leaves("bob", 2)] });
        await Store.CommitAsync(Part(Group("foreign"), 0, Records(2, 300)) with { Creates = true, Members = [Joins("carol")] });

        var page = await Store.SyncAsync(new SyncQuery(App, "bob", [new SyncCursor("g:new", Epoch, 1, Open: false)], ListOwn: true));

        page.More.ShouldBeFalse();
        page.Conversations.Select(synced => (synced.Conversation, synced.IsRecovered, synced.Records.Count, synced.Last?.Mseq, synced.Name)).ShouldBe(
            [("g:new", true, 1, null, null), ("g:old", false, 0, 2, "Old")]);
    }

    [StoreFact]
    public async Task Should_say_that_there_are_more_when_a_user_has_more_conversations_than_are_listed()
    {
        for (var n = 0; n < 3; n++) await Store.CommitAsync(Part(Group($"x{n}"), 0, Records(1, n * 10)) with { Creates = true, Members = [Joins("bob")] });

        var page = await Store.SyncAsync(new SyncQuery(App, "bob", [], ListOwn: true, MaxConversations: 2));

        page.More.ShouldBeTrue();
        page.Conversations.Select(synced => synced.Conversation).ShouldBe(["g:x2", "g:x1"]);
    }

    [StoreFact]
    public async Task Should_page_the_list_when_a_conversation_of_the_page_before_is_named()
    {
        for (var n = 0; n < 5; n++) await Store.CommitAsync(Part(Group($"x{n}"), 0, Records(1, 10 * (n / 2))) with { Creates = true, Members = [Joins("bob")] });

        List<string> listed = [];
        SyncPage page;
        do
        {
            page = await Store.ListAsync(App, "bob", 2, listed.LastOrDefault());
            listed.AddRange(page.Conversations.Select(synced => synced.Conversation));
        }
        while (page.More);

        listed.ShouldBe(["g:x4", "g:x2", "g:x3", "g:x0", "g:x1"]);
    }

    [StoreFact]
    public async Task Should_count_only_messages_of_others_above_the_read_mark_as_unread()
    {
        await Store.CommitAsync(Part(
            Group(), 0, Append(Record(1)), Append(Record(2)), Append(Record(3, from: "bob")), Append(Record(4, type: "event")), Append(Record(5)))
            with { Creates = true, Members = [Joins("bob")] });
        await Unread().ShouldBeAsync(3);

        Store.Move(new CursorMove(App, "bob", "d", "g:a", Epoch, null, 1));
        await Store.FlushAsync();

        await Unread().ShouldBeAsync(2);
        (await Store.ListAsync(App, "bob", 10, null)).Conversations[0].Read.ShouldBe(1);

        async Task<long> Unread() => (await Store.ListAsync(App, "bob", 10, null)).Conversations[0].Unread;
    }

    [StoreFact]
    public async Task Should_keep_apps_apart_when_names_are_the_same()
    {
        await Store.CommitAsync(First(Group(), 1, Joins("bob")));

        (await Store.ListAsync(new AppId(102), "bob", 10, null)).Conversations.ShouldBeEmpty();
    }

    private Task<SyncPage> SyncAsync(string user, params SyncCursor[] cursors) => Store.SyncAsync(new SyncQuery(App, user, cursors, ListOwn: false));

    private static SyncCursor InRoom(string room, long mseq) => new(room, Epoch, mseq, Open: true);

    private static IEnumerable<AppendRecord> Records(int count, long laterMs) => Enumerable.Range(1, count).Select(n => Append(Record(n, ts: FirstMs + laterMs + n)));

    private static IEnumerable<long> Numbers(SyncedConversation synced) => synced.Records.Select(record => record.Mseq);

    private static IEnumerable<long> Range(long from, long to) => Enumerable.Range((int)from, (int)(to - from + 1)).Select(n => (long)n);
}

internal static class TaskAssertions
{
    public static async Task ShouldBeAsync<T>(this Task<T> actual, T expected) => (await actual).ShouldBe(expected);
}
