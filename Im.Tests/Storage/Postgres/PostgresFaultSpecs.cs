using System.Collections.Concurrent;
using Im.Actors.Conversations.Store;
using Im.Node.Configuration;
using Im.Node.Storage;
using Im.Node.Storage.Postgres;
using Im.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage.Postgres;

/// <summary>PostgreSQL behind a relay that can be cut in the middle of a COMMIT or go silent, and a server that is stopped.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresFaultSpecs(PostgresServer server) : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private CommitRelay _relay = null!;
    private string _database = "";
    private MessageStore _store = null!;

    public async Task InitializeAsync()
    {
        _relay = new CommitRelay(server.Port);
        _database = await server.NewDatabaseAsync();
        _store = New(_relay.Port);
        await _store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        _relay.IsSilent = false;
        _relay.AtCommit = AtCommit.Pass;
        await _store.DisposeAsync();
        await _relay.DisposeAsync();
        _directory.Dispose();
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_say_unknown_and_then_the_truth_when_the_connection_is_cut_during_commit(bool commits)
    {
        await _store.CommitAsync(First(Room(), 1));
        _relay.AtCommit = commits ? AtCommit.CutAfter : AtCommit.CutBefore;

        var answer = await _store.AppendAsync(Part(Room(), 1, Append(Record(2, cid: "open"))));

        answer.Outcome.ShouldBe(AppendOutcome.Unknown);
        _relay.AtCommit = AtCommit.Pass;
        var (isAvailable, row) = await _store.LoadAsync(Room(), locked: true);
        isAvailable.ShouldBeTrue();
        row.ShouldNotBeNull().Head.ShouldBe(commits ? 2 : 1);
        (await _store.FindCidsAsync(Room(), [("alice", "open")])).Found.Count.ShouldBe(commits ? 1 : 0);
        await _store.CommitAsync(Part(Room(), row.Head, Append(Record(row.Head + 1))));
    }

    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_say_whether_the_row_is_there_when_its_creation_was_cut_during_commit(bool commits)
    {
        _relay.AtCommit = commits ? AtCommit.CutAfter : AtCommit.CutBefore;
        (await _store.AppendAsync(First(Room(), 1))).Outcome.ShouldBe(AppendOutcome.Unknown);
        _relay.AtCommit = AtCommit.Pass;

        var (isAvailable, row) = await _store.LoadAsync(Room(), locked: true);

        isAvailable.ShouldBeTrue();
        row?.Head.ShouldBe(1);
        (row is not null).ShouldBe(commits);
    }

    [StoreFact]
    public async Task Should_wait_for_a_creation_that_is_not_decided_yet_when_the_row_is_locked()
    {
        await using var other = new NpgsqlConnection(_database);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand("INSERT INTO conversation (app, conv, epoch, head, last_ts, change) VALUES (101, 'r:a', 'e1', 1, 0, 0)", other)) await insert.ExecuteNonQueryAsync();

        await using var watch = new NpgsqlConnection(_database);
        await watch.OpenAsync();
        var loading = _store.LoadAsync(Room(), locked: true);
        await Until.TrueAsync(async () => await WaitersAsync(watch) > 0);
        await transaction.CommitAsync();

        (await loading).ShouldSatisfyAllConditions(loaded => loaded.IsAvailable.ShouldBeTrue(), loaded => loaded.Row.ShouldNotBeNull().Head.ShouldBe(1));
    }

    [StoreFact]
    public async Task Should_answer_in_time_and_recover_when_the_server_goes_silent()
    {
        await _store.CommitAsync(First(Room(), 1));
        _relay.IsSilent = true;
        var started = TimeProvider.System.GetTimestamp();

        var answer = await _store.AppendAsync(Part(Room(), 1, Append(Record(2))));

        answer.Outcome.ShouldBeOneOf(AppendOutcome.Unavailable, AppendOutcome.Unknown);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
        _store.IsAvailable.ShouldBeFalse();
        _relay.IsSilent = false;
        await Until.TrueAsync(() => _store.IsAvailable);
        await _store.CommitAsync(First(Room("b"), 1));
    }

    [StoreFact]
    public async Task Should_refuse_at_once_and_recover_without_a_restart_when_the_server_is_stopped_and_started()
    {
        var changes = new ConcurrentQueue<bool>();
        _store.AvailabilityChanged = changes.Enqueue;
        await _store.CommitAsync(First(Room(), 1));
        await server.StopAsync();
        (await _store.AppendAsync(Part(Room(), 1, Append(Record(2))))).Outcome.ShouldBe(AppendOutcome.Unavailable);
        _store.IsAvailable.ShouldBeFalse();

        (await _store.AppendAsync(Part(Room(), 1, Append(Record(2))))).Outcome.ShouldBe(AppendOutcome.Unavailable);
        (await _store.HistoryAsync(Room())).Outcome.ShouldBe(ReadOutcome.Unavailable);
        (await _store.LoadAsync(Room(), locked: false)).IsAvailable.ShouldBeFalse();
        await server.StartAsync();
        await Until.TrueAsync(() => _store.IsAvailable);

        await _store.CommitAsync(Part(Room(), 1, Append(Record(2))));
        await Until.TrueAsync(() => changes.Count >= 2);   // told once it is available
        changes.ShouldBe([false, true]);
    }

    [StoreTheory]
    [InlineData("Host=127.0.0.1;Port=1;Username=im;Database=im", "names 127.0.0.1:1, which cannot be reached")]
    [InlineData("Host=no-such-host.invalid;Username=im;Database=im", "names no-such-host.invalid:5432, which cannot be reached")]
    public async Task Should_say_in_one_line_what_to_do_when_the_server_cannot_be_reached(string connectionString, string expected)
    {
        (await ExplainAsync(connectionString)).ShouldContain(expected);
    }

    [StoreFact]
    public async Task Should_name_the_database_when_it_does_not_exist()
    {
        (await ExplainAsync(server.ConnectionString("nowhere"))).ShouldContain("names the database \"nowhere\"");
    }

    [StoreFact]
    public async Task Should_name_the_user_and_never_the_password_when_the_login_is_refused()
    {
        var line = await ExplainAsync(new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Username = "nobody", Password = "s3cret" }.ConnectionString);

        line.ShouldContain("as \"nobody\", which was refused");
        line.ShouldNotContain("s3cret");
    }

    private async Task<string> ExplainAsync(string connectionString)
    {
        await using var store = new PostgresMessageStore(new StoreSettings { DataDirectory = _directory.Path, ConnectionString = connectionString }, TimeProvider.System, NullLogger.Instance);
        var failure = await Should.ThrowAsync<StartupException>(() => store.OpenAsync(CancellationToken.None));
        failure.ExitCode.ShouldBe(ExitCodes.Storage);
        return failure.Lines.ShouldHaveSingleItem();
    }

    private PostgresMessageStore New(int port) => new(
        new StoreSettings
        {
            DataDirectory = _directory.Path,
            ConnectionString = new NpgsqlConnectionStringBuilder(_database) { Port = port }.ConnectionString,
            ReadersCount = 2,
            WritersCount = 1,
        },
        TimeProvider.System,
        NullLogger.Instance);

    private static async Task<long> WaitersAsync(NpgsqlConnection watch)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()", watch);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
