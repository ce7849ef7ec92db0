using Xunit;

namespace Im.Tests.Support;

/// <summary>Three nodes for the classes of a collection, none of which hurts them; each test uses users and rooms of its own.</summary>
public sealed class ActorClusterFixture : IAsyncLifetime
{
    internal ActorCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await ActorCluster.StartAsync(3);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ActorClusterTests : ICollectionFixture<ActorClusterFixture>
{
    public const string Name = "actor cluster";
}
