using Xunit;

namespace Im.Tests.Support;

/// <summary>
/// Three nodes for the classes of a collection, none of which hurts them; each test uses users and rooms of its own. A machine that
/// stands still for some seconds makes none of them unreachable: the answers of the others would not be whole then.
/// </summary>
public sealed class ActorClusterFixture : IAsyncLifetime
{
    private const string Patient = "akka.cluster.failure-detector.acceptable-heartbeat-pause = 60s";

    internal ActorCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await ActorCluster.StartAsync(3, hocon: Patient);

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ActorClusterTests : ICollectionFixture<ActorClusterFixture>
{
    public const string Name = "actor cluster";
}
