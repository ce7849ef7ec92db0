using Im.Node.Storage.Reads;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage;

public sealed class VisibleRecordsSpecs
{
    [Fact]
    public void Should_show_nothing_when_retention_has_removed_the_whole_stay()
    {
        var visible = VisibleRecords.Of(first: 20, head: 30, [(3, 9)]);

        (visible.First, visible.Head).ShouldBe((10, 9));
        visible.Page(null, null, 10).ShouldBeNull();
        visible.Since(9).ShouldBe(new RecordRange(10, 9), "there is nothing after it");
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(5, 6L)]
    [InlineData(10, 11L)]
    public void Should_bring_up_from_a_cursor_only_when_all_after_it_is_kept(long cursor, long? from)
    {
        VisibleRecords.All(first: 6, head: 10).Since(cursor)?.From.ShouldBe(from!.Value);
        (VisibleRecords.All(first: 6, head: 10).Since(cursor) is null).ShouldBe(from is null);
    }

    [Fact]
    public void Should_not_bring_up_from_a_cursor_above_the_head()
    {
        VisibleRecords.All(1, 10).Since(11).ShouldBeNull();
    }

    [Fact]
    public void Should_skip_a_stay_that_is_gone_when_paging_down()
    {
        var visible = VisibleRecords.Of(first: 5, head: 30, [(1, 3), (8, 12), (20, null)]);

        visible.Page(before: 20, after: null, 100).ShouldBe(new RecordRange(8, 12));
        visible.Page(before: 8, after: null, 100).ShouldBeNull();
        visible.Page(before: null, after: 12, 5).ShouldBe(new RecordRange(20, 24));
        visible.First.ShouldBe(8);
    }

    [Theory]
    [InlineData(null, long.MaxValue)]
    [InlineData(null, 30L)]
    [InlineData(long.MinValue, null)]
    [InlineData(8L, null)]
    public void Should_have_no_page_when_nothing_lies_beyond_the_number(long? before, long? after) =>
        VisibleRecords.Of(first: 5, head: 30, [(8, 12), (20, null)]).Page(before, after, 100).ShouldBeNull();
}
