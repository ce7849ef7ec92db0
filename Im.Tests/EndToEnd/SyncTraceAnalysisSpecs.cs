using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>The reading of a trace finds a missing, failed, late or foreign sync: it is not satisfied by everything.</summary>
public sealed class SyncTraceAnalysisSpecs
{
    private const string Earlier = "71 pwrite64(31</data/im.db-wal>, \"the-message-before\", 4096, 4152) = 4096";
    private const string EarlierSync = "71 fdatasync(31</data/im.db-wal>) = 0";
    private const string Write = "71 pwrite64(31</data/im.db-wal>, \"\\0\\0\\1:hello-end\\0\", 4096, 8272) = 4096";
    private const string Sync = "71 fdatasync(31</data/im.db-wal>)       = 0";
    private const string Elsewhere = "71 pwrite64(32</data/im.db>, \"\\0\", 4096, 0) = 4096";
    private const string Answer = "88 sendto(90<TCP:[127.0.0.1:9000->127.0.0.1:5000]>, \"\\201~\\0\\322{\\\"seq\\\":\\\"a7\\\",\\\"cmd\\\":\\\"msg\\\"}\", 214, 0, NULL, 0) = 214";

    [Fact]
    public void Should_be_content_when_the_log_was_synced_in_between() => ProblemOf(Earlier, EarlierSync, Write, Sync, Elsewhere, Answer).ShouldBeNull();

    [Fact]
    public void Should_be_content_when_the_sync_is_told_in_two_lines() =>
        ProblemOf(Write, "71 fdatasync(31</data/im.db-wal> <unfinished ...>", "88 write(5, \"x\", 1) = 1", "71 <... fdatasync resumed>) = 0", Answer).ShouldBeNull();

    [Fact]
    public void Should_find_it_when_there_is_no_sync() => ProblemOf(Earlier, EarlierSync, Write, Elsewhere, Answer).ShouldBe("no sync of the log between the write of hello-end and its answer");

    [Theory]
    [InlineData(0)]   // before the write
    [InlineData(2)]   // after the answer
    public void Should_find_it_when_the_sync_is_out_of_place(int place)
    {
        List<string> calls = [Write, Answer];
        calls.Insert(place, Sync);

        ProblemOf([.. calls]).ShouldBe("no sync of the log between the write of hello-end and its answer");
    }

    [Fact]
    public void Should_find_it_when_another_file_was_synced() =>
        ProblemOf(Write, "71 fdatasync(32</data/im.db>) = 0", Answer).ShouldBe("no sync of the log between the write of hello-end and its answer");

    [Fact]
    public void Should_find_it_when_another_thread_synced() =>
        ProblemOf(Write, "72 fdatasync(31</data/im.db-wal>) = 0", Answer).ShouldBe("no sync of the log between the write of hello-end and its answer");

    [Fact]
    public void Should_find_it_when_the_sync_failed() =>
        ProblemOf(Write, "71 fdatasync(31</data/im.db-wal>) = -1 EIO (Input/output error)", Answer).ShouldStartWith("the sync of hello-end failed");

    [Fact]
    public void Should_find_it_when_the_sync_had_not_ended() =>
        ProblemOf(Write, "71 fdatasync(31</data/im.db-wal> <unfinished ...>", Answer, "71 <... fdatasync resumed>) = 0").ShouldBe("the sync of hello-end had not ended when its answer was sent");

    [Fact]
    public void Should_find_it_when_the_message_was_written_after_its_answer() =>
        ProblemOf(Answer, Write, Sync).ShouldBe("hello-end was not in the log before its answer was sent");

    [Fact]
    public void Should_find_it_when_the_answer_is_not_in_the_trace() => ProblemOf(Write, Sync).ShouldBe("no call sent the answer to a7");

    private static string? ProblemOf(params string[] calls) => new SyncTrace(calls).ProblemOf("hello-end", "a7");
}
