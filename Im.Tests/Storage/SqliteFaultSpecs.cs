using Im.Actors.Conversations.Store;
using Im.Node.Configuration;
using Im.Node.Storage;
using Im.Node.Storage.Sqlite;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

/// <summary>What becomes of the embedded store when its process, its file or its disk fails.</summary>
public sealed class SqliteFaultSpecs : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _left = new();
    private MessageStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = New(_directory);
        await _store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _left.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Should_hold_everything_acknowledged_when_the_process_is_killed()
    {
        var rooms = Enumerable.Range(0, 50).Select(n => Room($"k{n}")).ToList();
        foreach (var room in rooms) await _store.CommitAsync(First(room, 1));
        for (var head = 1; head < 20; head++) await Task.WhenAll(rooms.Select(room => _store.CommitAsync(Part(room, head, Append(Record(head + 1))))));
        CopyWhatIsThere();

        await using var next = New(_left);
        await next.OpenAsync(CancellationToken.None);

        foreach (var room in rooms) (await next.HistoryAsync(room)).Records.Count.ShouldBe(20);
        next.Generation.ShouldBe(_store.Generation);
    }

    [Fact]
    public async Task Should_begin_a_new_generation_when_an_older_file_is_put_back()
    {
        await _store.CommitAsync(First(Room(), 1));
        CopyWhatIsThere();
        await _store.CommitAsync(Part(Room(), 1, Append(Record(2))));
        var generation = _store.Generation;
        await _store.DisposeAsync();
        foreach (var name in new[] { "im.db", "im.db-wal" }) File.Copy(_left.File(name), _directory.File(name), overwrite: true);

        await ReopenAsync();

        _store.Generation.ShouldNotBe(generation);
        (await _store.RowAsync(Room())).ShouldNotBeNull().ShouldSatisfyAllConditions(row => row.Head.ShouldBe(1), row => row.Epoch.ShouldBe(_store.Generation));
    }

    [Fact]
    public async Task Should_refuse_to_open_when_the_file_is_damaged()
    {
        await _store.CommitAsync(First(Room(), 2_000));
        await _store.DisposeAsync();
        File.Delete(_directory.File(StoreFiles.CleanMark));
        using (var file = new FileStream(_directory.File("im.db"), FileMode.Open))
        {
            file.Position = 3 * 4_096;
            for (var i = 0; i < 40; i++) file.Write(new byte[4_096]);
        }

        var failure = await Should.ThrowAsync<StartupException>(ReopenAsync);

        failure.ExitCode.ShouldBe(ExitCodes.Storage);
        failure.Lines.ShouldHaveSingleItem().ShouldContain("im restore");
    }

    [Fact]
    public async Task Should_say_so_when_another_node_has_the_store_open()
    {
        await using var second = New(_directory);

        var failure = await Should.ThrowAsync<StartupException>(() => second.OpenAsync(CancellationToken.None));

        failure.Lines.ShouldHaveSingleItem().ShouldContain("another process has its message store open");
    }

    [Fact]
    public async Task Should_copy_the_files_when_a_sync_had_failed()
    {
        await _store.CommitAsync(First(Room(), 3));
        CopyWhatIsThere();
        File.WriteAllText(_left.File(StoreFiles.LostSyncMark), "");
        var before = Inode(_left.File("im.db"));

        await using var next = New(_left);
        await next.OpenAsync(CancellationToken.None);

        (await next.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(3);
        Inode(_left.File("im.db")).ShouldNotBe(before);
        File.Exists(_left.File(StoreFiles.LostSyncMark)).ShouldBeFalse();
    }

    [Fact]
    public async Task Should_leave_one_whole_file_when_it_is_stopped_in_order()
    {
        await _store.CommitAsync(First(Room(), 3));
        await _store.DisposeAsync();

        File.Exists(_directory.File("im.db-wal")).ShouldBeFalse();
        File.Exists(_directory.File(StoreFiles.CleanMark)).ShouldBeTrue();
    }

    [Fact]
    public async Task Should_empty_its_log_when_appends_never_pause()
    {
        await _store.CommitAsync(First(Room(), 0));
        var text = new string('x', 4_000);
        for (var head = 0; head < 12_000; head += 500)
        {
            await _store.CommitAsync(Part(Room(), head, Enumerable.Range(head + 1, 500).Select(n => Append(Record(n, text)))));
        }

        new FileInfo(_directory.File("im.db-wal")).Length.ShouldBeLessThan(100 * 1024 * 1024);
    }

    [TmpfsFact]
    public async Task Should_refuse_appends_and_go_on_reading_when_the_disk_is_full_and_recover_when_it_is_not()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var store = New(disk.Path);
        await store.OpenAsync(CancellationToken.None);
        await store.CommitAsync(First(Room(), 1));
        disk.Fill();
        var text = new string('x', 16_000);
        var head = 1L;
        AppendResult answer;
        while ((answer = await store.AppendAsync(Part(Room(), head, Append(Record(head + 1, text))))).Outcome == AppendOutcome.Committed) head++;

        answer.Outcome.ShouldBe(AppendOutcome.Unavailable);
        (await store.HistoryAsync(Room(), after: 0, limit: 1)).Records.ShouldHaveSingleItem();
        disk.Free();
        await Until.TrueAsync(async () => (await store.AppendAsync(Part(Room(), head, Append(Record(head + 1, text))))).Outcome == AppendOutcome.Committed);
        (await store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(head + 1);
    }

    private static SqliteMessageStore New(TemporaryDirectory directory) => New(directory.Path);

    private static SqliteMessageStore New(string directory) => new(
        new StoreSettings { DataDirectory = directory, ReadersCount = 2 }, TimeProvider.System, NullLogger.Instance, failure => throw new InvalidOperationException("A sync failed", failure));

    private async Task ReopenAsync()
    {
        await _store.DisposeAsync();
        _store = New(_directory);
        await _store.OpenAsync(CancellationToken.None);
    }

    /// <summary>The files as a kill would leave them: nothing is closed, no mark is written.</summary>
    private void CopyWhatIsThere()
    {
        foreach (var name in new[] { "im.db-wal", "im.db", "store.mark" }.Where(name => File.Exists(_directory.File(name)))) File.Copy(_directory.File(name), _left.File(name));
    }

    /// <summary>Another number for another file of the same name.</summary>
    private static string Inode(string path)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%i", path]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd();
    }
}
