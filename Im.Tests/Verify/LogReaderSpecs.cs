using Im.Cli.Verify;
using Im.Cli.Verify.Checks;
using Im.Cli.Verify.Facts;
using Im.Client;
using Im.Protocol;
using Shouldly;
using Xunit;

namespace Im.Tests.Verify;

public sealed class LogReaderSpecs
{
    private const string Room = "r:lobby";

    private readonly SortedSet<long> _stored = [.. Enumerable.Range(1, 450).Select(number => (long)number)];
    private long _first = 1;
    private long _head = 450;

    [Fact]
    public async Task Should_read_every_page_when_nothing_is_missing()
    {
        (await ReadAsync()).Records.Select(record => record.Mseq).ShouldBe(_stored);
    }

    [Fact]
    public async Task Should_show_what_is_stored_and_one_hole_when_the_newest_numbers_have_no_record()
    {
        _head = 655;

        var log = await ReadAsync();

        log.Records.Select(record => record.Mseq).ShouldBe(_stored);
        HolesOf(log).ShouldBe([451L]);
    }

    [Fact]
    public async Task Should_read_on_when_a_hole_is_wider_than_a_page()
    {
        _stored.RemoveWhere(number => number is > 20 and <= 430);

        var log = await ReadAsync();

        log.Records.Select(record => record.Mseq).ShouldBe(_stored);
        HolesOf(log).ShouldBe([21L]);
    }

    [Fact]
    public async Task Should_say_where_the_log_begins_when_retention_removed_all_of_it()
    {
        _stored.Clear();
        _first = 451;

        var log = await ReadAsync();

        (log.First, log.Head, log.Records.Count).ShouldBe((451L, 450L, 0));
        HolesOf(log).ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_leave_out_what_retention_removes_between_two_pages()
    {
        var log = await ReadAsync(after =>
        {
            if (after != 200) return;
            _first = 301;
            _stored.RemoveWhere(number => number < _first);
        });

        log.First.ShouldBe(301);
        log.Records.Select(record => record.Mseq).ShouldBe(_stored);
    }

    [Fact]
    public async Task Should_be_none_when_there_is_no_such_conversation()
    {
        (await LogReader.ReadAsync((_, _) => throw new ImRefusedException(ReplyCode.NoSuchConversation, null))).ShouldBeNull();
    }

    private static IEnumerable<long> HolesOf(ConversationLog log) =>
        LogCheck.Find(new RunFacts([], [], [log], [], [], [], null)).Where(violation => violation.Kind == ViolationKind.Hole).Select(violation => violation.Mseq);

    /// <param name="before">What happens before the page behind a number is read.</param>
    private async Task<ConversationLog> ReadAsync(Action<long?>? before = null) => (await LogReader.ReadAsync((after, limit) =>
    {
        before?.Invoke(after);
        return Task.FromResult(Page(after, limit));
    })).ShouldNotBeNull();

    /// <summary>As a node answers: a page is a range of numbers.</summary>
    private ImHistoryPage Page(long? after, int limit)
    {
        if (after + 1 < _first) throw new ImRefusedException(ReplyCode.RangeNotKept, null);
        var from = after + 1 ?? Math.Max(_first, _head - limit + 1);
        return new ImHistoryPage(Room, "e1", _first, _head, [.. _stored.Where(number => number >= from && number < from + limit).Select(number => new ImRecord { Conversation = Room, Epoch = "e1", Mseq = number, From = "alice" })]);
    }
}
