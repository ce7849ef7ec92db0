using Im.Node.Storage;

namespace Im.Tests.Storage;

/// <summary>Makes stores of one provider, all on the same data.</summary>
internal interface IStoreFixture : IAsyncDisposable
{
    /// <summary>A store that is not open yet.</summary>
    MessageStore New(StoreSettings? settings = null, TimeProvider? time = null);

    StoreSettings Settings { get; }

    /// <summary>Two stores may be open at the same time, as of two nodes.</summary>
    bool IsShared { get; }
}
