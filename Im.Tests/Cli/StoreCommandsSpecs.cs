using Im.Actors.Conversations.Store;
using Im.Cli.Commands;
using Im.Node.Storage;
using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Cli;

/// <summary><c>im backup</c>, <c>im restore</c>, <c>im epoch bump</c>, each on a store that was written before.</summary>
public abstract class StoreCommandsSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    private readonly TemporaryDirectory _files = new();

    private string Backup => _files.File("im.backup");

    private string[] Which => Fixture.Settings.ConnectionString is { } connection ? ["--connection", connection] : ["--data", Fixture.Settings.DataDirectory];

    [StoreFact]
    public async Task Should_restore_what_was_backed_up_while_the_node_ran()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        await Store.CommitAsync(First(Room(), 1));
        (await RunAsync("backup", Backup)).ShouldBe(0);
        await Store.CommitAsync(Part(Group(), 3, Append(Record(4))));
        var generation = Store.Generation;
        await Store.DisposeAsync();

        (await RunAsync("restore", Backup)).ShouldBe(0);

        await ReopenAsync();
        Store.Generation.ShouldNotBe(generation);
        var row = (await Store.RowAsync(Group())).ShouldNotBeNull();
        (row.Head, row.Epoch).ShouldBe((3, Store.Generation));
        (await Store.HistoryAsync(Group(), reader: "bob")).Records.Count.ShouldBe(3);
        await Store.CommitAsync(Part(Group(), 3, Append(Record(4))) with { Epoch = Store.Generation });
    }

    [StoreFact]
    public async Task Should_begin_a_new_generation_when_the_epoch_is_bumped()
    {
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        var generation = Store.Generation;
        await Store.DisposeAsync();

        (await RunAsync("epoch", "bump")).ShouldBe(0);

        await ReopenAsync();
        Store.Generation.ShouldNotBe(generation);
        (await Store.RowAsync(Group())).ShouldNotBeNull().Epoch.ShouldBe(Store.Generation);
        (await Store.AppendAsync(Part(Group(), 3, Append(Record(4))))).Outcome.ShouldBe(AppendOutcome.Fenced);
    }

    [StoreFact]
    public async Task Should_replace_no_file_when_it_backs_up()
    {
        await File.WriteAllTextAsync(Backup, "precious");

        (await RunAsync("backup", Backup)).ShouldBe(1);

        Error.ShouldContain("exists");
        (await File.ReadAllTextAsync(Backup)).ShouldBe("precious");
    }

    [StoreFact]
    public async Task Should_say_so_when_there_is_no_backup_to_restore()
    {
        (await RunAsync("restore", Backup)).ShouldBe(1);

        Error.ShouldContain($"There is no backup {Backup}");
    }

    private protected string Error { get; private set; } = "";

    private protected async Task<int> RunAsync(params string[] command)
    {
        var error = new StringWriter();
        var result = ImCommand.Create().Parse([.. command, .. Which]);
        result.InvocationConfiguration.Output = new StringWriter();
        result.InvocationConfiguration.Error = error;
        var code = await result.InvokeAsync();
        Error = error.ToString();
        return code;
    }
}

public sealed class SqliteStoreCommandsSpecs() : StoreCommandsSpecs(() => new SqliteFixture())
{
    [Theory]
    [InlineData("restore")]
    [InlineData("epoch")]
    public async Task Should_change_nothing_while_a_node_has_the_store_open(string command)
    {
        using var files = new TemporaryDirectory();
        (await RunAsync("backup", files.File("b"))).ShouldBe(0);

        (await RunAsync(command, command == "epoch" ? "bump" : files.File("b"))).ShouldBe(1);

        Error.ShouldContain("stop it first");
        await Store.CommitAsync(First(Room(), 1));
    }

    [Fact]
    public async Task Should_refuse_a_file_that_is_no_backup_and_keep_the_store()
    {
        using var files = new TemporaryDirectory();
        await File.WriteAllTextAsync(files.File("b"), new string('x', 10_000));
        await Store.CommitAsync(First(Room(), 1));
        await Store.DisposeAsync();

        (await RunAsync("restore", files.File("b"))).ShouldBe(1);

        await ReopenAsync();
        (await Store.RowAsync(Room())).ShouldNotBeNull().Head.ShouldBe(1);
    }

    [Fact]
    public async Task Should_keep_the_store_that_was_there_beside_the_restored_one()
    {
        using var files = new TemporaryDirectory();
        await RunAsync("backup", files.File("b"));
        await Store.DisposeAsync();

        await RunAsync("restore", files.File("b"));

        Directory.GetFiles(Fixture.Settings.DataDirectory, "im.db.before-*").ShouldHaveSingleItem();
    }
}

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresStoreCommandsSpecs(PostgresServer server) : StoreCommandsSpecs(() => new PostgresFixture(server))
{
    [StoreFact]
    public async Task Should_learn_of_the_new_generation_while_the_node_runs()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await ReopenAsync(time: time);
        await Store.CommitAsync(First(Group(), 3, Joins("bob")));
        var generation = Store.Generation;

        (await RunAsync("epoch", "bump")).ShouldBe(0);

        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(10));
            return Store.Generation != generation;
        });
    }
}
