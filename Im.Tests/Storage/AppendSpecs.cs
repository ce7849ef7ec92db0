using Im.Actors.Conversations.Store;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

public abstract class AppendSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    [StoreFact]
    public async Task Should_keep_row_members_and_records_when_a_conversation_is_created()
    {
        var record = Record(1, text: "héllo 你好 😀\n", cid: "x") with { Ext = """{"a":1}""", Sender = "api:k", From = "system" };
        await Store.CommitAsync(Part(Group(), 0, Append(record)) with { Creates = true, Name = "Team", Members = [Joins("bob", role: MemberRole.Owner), Joins("carol")] });

        var row = (await Store.RowAsync(Group())).ShouldNotBeNull();

        (row.Epoch, row.Head, row.First, row.LastTimestampMs, row.Name).ShouldBe((Epoch, 1, 1, record.TimestampMs, "Team"));
        row.Members.ShouldBe([new MemberRow("bob", MemberRole.Owner, 1, null), new MemberRow("carol", MemberRole.Member, 1, null)]);
        (await Store.HistoryAsync(Group())).Records.ShouldBe([record]);
    }

    [StoreFact]
    public async Task Should_survive_when_the_store_is_opened_again()
    {
        await Store.CommitAsync(First(Room(), 3));
        await ReopenAsync();

        (await Store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(3);
        await Store.CommitAsync(Part(Room(), 3, Append(Record(4))));
    }

    [StoreFact]
    public async Task Should_create_a_row_without_records_when_a_room_is_joined_first()
    {
        await Store.CommitAsync(First(Room(), 0));

        (await Store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(0);
        (await Store.HistoryAsync(Room())).ShouldSatisfyAllConditions(page => page.First.ShouldBe(1), page => page.Head.ShouldBe(0), page => page.Records.ShouldBeEmpty());
    }

    [StoreFact]
    public async Task Should_fence_a_second_creation_when_the_row_exists()
    {
        await Store.CommitAsync(First(Room(), 1));

        (await Store.AppendAsync(First(Room(), 1))).Outcome.ShouldBe(AppendOutcome.Fenced);
        (await Store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(1);
    }

    [StoreTheory]
    [InlineData(Epoch, 1)]
    [InlineData(Epoch, 3)]
    [InlineData("e0", 2)]
    public async Task Should_store_nothing_when_head_or_epoch_are_not_the_rows(string epoch, long expectedHead)
    {
        await Store.CommitAsync(First(Room(), 2));

        var answer = await Store.AppendAsync(Part(Room(), expectedHead, Append(Record(expectedHead + 1, cid: "stale"))) with { Epoch = epoch, Members = [Joins("mallory")] });

        answer.Outcome.ShouldBe(AppendOutcome.Fenced);
        (await Store.HistoryAsync(Room())).Records.Count.ShouldBe(2);
        (await Store.FindCidsAsync(Room(), [("alice", "stale")])).Found.ShouldBeEmpty();
        (await Store.RowAsync(Room())).ShouldNotBeNull().Members.ShouldBeEmpty();
    }

    [StoreFact]
    public async Task Should_fence_an_append_when_there_is_no_row()
    {
        (await Store.AppendAsync(Part(Room(), 0, Append(Record(1))))).Outcome.ShouldBe(AppendOutcome.Fenced);
    }

    [StoreFact]
    public async Task Should_let_one_of_two_owners_win_when_they_race()
    {
        await Store.CommitAsync(First(Room(), 1));
        await using var second = await OtherNodeAsync();
        for (var head = 1; head < 40; head++)
        {
            var answers = await Task.WhenAll(
                Store.AppendAsync(Part(Room(), head, Append(Record(head + 1, text: "first", cid: $"1-{head}")))),
                second.AppendAsync(Part(Room(), head, Append(Record(head + 1, text: "second", cid: $"2-{head}")))));

            answers.Select(answer => answer.Outcome).Order().ShouldBe([AppendOutcome.Committed, AppendOutcome.Fenced]);
        }

        (await Store.HistoryAsync(Room())).Records.Select(record => record.Mseq).ShouldBe(Enumerable.Range(1, 40).Select(n => (long)n));
    }

    [StoreFact]
    public async Task Should_give_the_tag_back_when_it_answers()
    {
        (await Store.AppendAsync(First(Room(), 1) with { Tag = 77 })).ShouldBe(new AppendResult(77, AppendOutcome.Committed));
    }

    [StoreTheory]
    [InlineData(0xD800)]
    [InlineData(0xDC00)]
    [InlineData(0)]
    public async Task Should_name_the_bad_record_when_its_text_cannot_be_kept(int code)
    {
        var text = $"a{(char)code}b";
        await Store.CommitAsync(First(Room("good"), 1));

        var answers = await Task.WhenAll(
            Store.AppendAsync(Part(Room("good"), 1, Append(Record(2)))),
            Store.AppendAsync(Part(Room("bad"), 0, Append(Record(1)), Append(Record(2, text)), Append(Record(3))) with { Creates = true }));

        answers.ShouldBe([new AppendResult(0, AppendOutcome.Committed), new AppendResult(0, AppendOutcome.Rejected, 1)]);
        (await Store.RowAsync(Room("bad"))).ShouldBeNull();
    }

    [StoreFact]
    public async Task Should_split_out_the_bad_record_when_the_store_refuses_it_among_many()
    {
        var rooms = Enumerable.Range(0, 40).Select(n => Room($"x{n}")).ToList();
        foreach (var room in rooms) await Store.CommitAsync(First(room, 1));

        var answers = await Task.WhenAll(rooms.Select((room, n) =>
            Store.AppendAsync(Part(room, 1, Append(Record(2)), Append(Record(3)), Append(Record(4, cid: n == 17 ? "c1" : "c4"))))));

        answers[17].ShouldBe(new AppendResult(0, AppendOutcome.Rejected, 2));
        answers.Where((_, n) => n != 17).ShouldAllBe(answer => answer.Outcome == AppendOutcome.Committed);
        (await Store.RowAsync(rooms[17])).ShouldNotBeNull().Head.ShouldBe(1);
        (await Store.RowAsync(rooms[18])).ShouldNotBeNull().Head.ShouldBe(4);
    }

    [StoreFact]
    public async Task Should_reject_a_record_when_its_number_does_not_follow_the_head()
    {
        await Store.CommitAsync(First(Room(), 1));

        (await Store.AppendAsync(Part(Room(), 1, Append(Record(2)), Append(Record(4))))).ShouldBe(new AppendResult(0, AppendOutcome.Rejected, 1));
    }

    [StoreFact]
    public async Task Should_show_the_new_text_when_a_record_is_edited()
    {
        await Store.CommitAsync(First(Room(), 1));
        await Store.CommitAsync(Part(Room(), 1, Append(Record(2, text: "better", type: "event"), amends: new Amendment(1, "better"))));

        var edited = (await Store.HistoryAsync(Room())).Records[0];

        (edited.Text, edited.ChangedBy, edited.IsRecalled).ShouldBe(("better", 2, false));
    }

    [StoreFact]
    public async Task Should_leave_a_tombstone_without_content_when_a_record_is_recalled()
    {
        await Store.CommitAsync(Part(Room(), 0, Append(Record(1) with { Ext = "{}" })) with { Creates = true });
        await Store.CommitAsync(Part(Room(), 1, Append(Record(2, text: "", type: "event"), amends: new Amendment(1, null))));

        var recalled = (await Store.HistoryAsync(Room())).Records[0];

        (recalled.Text, recalled.Ext, recalled.ChangedBy, recalled.IsRecalled).ShouldBe(("", null, 2, true));
    }

    [StoreFact]
    public async Task Should_refuse_at_once_when_the_queue_is_full()
    {
        await ReopenAsync(Fixture.Settings with { QueueMaxPartsCount = 64 });
        var probes = Enumerable.Range(0, 5_000).Select(_ => new AnswerProbe()).ToList();
        for (var i = 0; i < probes.Count; i++) Store.Append(First(Room($"q{i}"), 1) with { ReplyTo = probes[i] });
        probes.ShouldContain(probe => probe.HasAnswer);

        var answers = await Task.WhenAll(probes.Select(probe => probe.AnswerAsync()));

        answers.Select(answer => answer.Outcome).Distinct().Order().ShouldBe([AppendOutcome.Committed, AppendOutcome.Unavailable]);
    }
}
