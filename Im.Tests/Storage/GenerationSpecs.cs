using Im.Actors.Conversations.Store;
using Im.Node.Storage.Files;
using Shouldly;
using static Im.Tests.Storage.Parts;

namespace Im.Tests.Storage;

/// <summary>The mark beside the store tells an older store that was put back from the one that clients know.</summary>
public abstract class GenerationSpecs(Func<object> fixture) : StoreSpecs(fixture)
{
    private string Directory => Fixture.Settings.DataDirectory;

    [StoreFact]
    public async Task Should_keep_its_generation_when_it_is_opened_again()
    {
        var generation = Store.Generation;
        generation.Length.ShouldBe(12);
        await Store.CommitAsync(First(Room(), 1));
        await ReopenAsync();

        Store.Generation.ShouldBe(generation);
        (await Store.RowAsync(Room())).ShouldNotBeNull().Epoch.ShouldBe(Epoch);
    }

    [StoreFact]
    public async Task Should_begin_a_new_generation_when_the_mark_is_ahead_of_the_store()
    {
        await Store.CommitAsync(First(Group(), 5, Joins("bob")));
        Store.Move(new CursorMove(App, "bob", "d", "g:a", Epoch, 4, 3));
        var old = Store.Generation;
        await Store.DisposeAsync();
        var mark = StoreMark.Read(Directory).ShouldNotBeNull();
        mark.Generation.ShouldBe(old);
        (mark with { Change = mark.Change + 1 }).Write(Directory, syncs: false);

        await ReopenAsync();

        Store.Generation.ShouldNotBe(old);
        var row = (await Store.RowAsync(Group())).ShouldNotBeNull();
        (row.Epoch, row.Head).ShouldBe((Store.Generation, 5));
        (await Store.ReadMarksAsync(Group())).ShouldNotBeNull()["bob"].Read.ShouldBe(3, "what was read stays read");
        (await Store.AppendAsync(Part(Group(), 5, Append(Record(6))))).Outcome.ShouldBe(AppendOutcome.Fenced, "an owner from before");
        await Store.CommitAsync(Part(Group(), 5, Append(Record(6))) with { Epoch = Store.Generation });
    }

    [StoreFact]
    public async Task Should_begin_a_new_generation_when_the_mark_names_one_that_the_store_does_not_know()
    {
        var old = Store.Generation;
        await Store.DisposeAsync();
        new StoreMark("later", 0).Write(Directory, syncs: false);

        await ReopenAsync();

        Store.Generation.ShouldNotBe(old);
    }

    [StoreFact]
    public async Task Should_keep_its_generation_when_the_mark_names_a_former_one()
    {
        var first = Store.Generation;
        await Store.CommitAsync(First(Room(), 1));
        await Store.DisposeAsync();
        new StoreMark(first, 1_000).Write(Directory, syncs: false);
        await ReopenAsync();
        var second = Store.Generation;
        await Store.DisposeAsync();
        new StoreMark(first, 1_000).Write(Directory, syncs: false);

        await ReopenAsync();

        Store.Generation.ShouldBe(second);
    }

    [StoreFact]
    public async Task Should_number_changes_upwards_when_a_generation_follows_another()
    {
        await Store.CommitAsync(First(Room("a"), 1));
        await Store.CommitAsync(First(Room("b"), 1));
        await Store.DisposeAsync();
        new StoreMark("later", 0).Write(Directory, syncs: false);
        await ReopenAsync();
        await Store.CommitAsync(Part(Room("a"), 1, Append(Record(2))) with { Epoch = Store.Generation });

        var heads = (await Store.ReadChangedAsync(0, long.MaxValue, 10)).ShouldNotBeNull();

        heads.Select(head => head.Conversation).ShouldBe([Room("b"), Room("a")]);
        heads.Select(head => head.Change).Distinct().Count().ShouldBe(2);
    }
}
