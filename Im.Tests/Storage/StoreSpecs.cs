using Im.Node.Storage;
using Xunit;

namespace Im.Tests.Storage;

/// <summary>An open store of its own for each test, of either provider: what holds for the one holds for the other.</summary>
/// <param name="fixture">Makes the stores of the provider.</param>
public abstract class StoreSpecs(Func<object> fixture) : IAsyncLifetime
{
    private protected IStoreFixture Fixture { get; } = (IStoreFixture)fixture();

    private protected MessageStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Store = Fixture.New();
        await Store.OpenAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await Fixture.DisposeAsync();
    }

    /// <summary>The store of another node on the same data; an embedded store has none and stands in itself.</summary>
    private protected async Task<MessageStore> OtherNodeAsync()
    {
        if (!Fixture.IsShared) return Store;
        var other = Fixture.New();
        await other.OpenAsync(CancellationToken.None);
        return other;
    }

    /// <summary>Closes the store in order and opens it again.</summary>
    private protected async Task ReopenAsync(StoreSettings? settings = null, TimeProvider? time = null)
    {
        await Store.DisposeAsync();
        Store = Fixture.New(settings, time);
        await Store.OpenAsync(CancellationToken.None);
    }
}
