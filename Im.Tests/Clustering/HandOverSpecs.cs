using Im.Actors.Edge;
using Im.Actors.Links;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>Nodes come and go as in a rolling restart. What Akka's own actors say to each other then has its form on the wire as well.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class HandOverSpecs
{
    [Fact]
    public async Task Should_serve_on_when_a_node_joins_and_the_oldest_leaves()
    {
        await using var cluster = await ActorCluster.StartAsync(2);
        var (oldest, stays) = (cluster[0], cluster[1]);
        await PushesArriveAsync(cluster);

        await cluster.AddAsync();
        await PushesArriveAsync(cluster);
        await cluster.LeaveAsync(oldest);
        await PushesArriveAsync(cluster);

        await Until.TrueAsync(() => LinkTable.Of(stays.System).Find(oldest.Address) is null && LinkTable.Of(stays.System).Find(cluster[1].Address) is not null);
        oldest.Refused.ShouldBeEmpty();
        cluster.Refused.ShouldBeEmpty();
        cluster.Nodes.ShouldContain(stays);
    }

    /// <summary>To new users on every node, from every node, until their sessions are where they belong.</summary>
    private static async Task PushesArriveAsync(ActorCluster cluster)
    {
        for (var i = 0; i < 12; i++)
        {
            var from = cluster[i % cluster.Nodes.Count];
            var user = $"hand-{Guid.NewGuid():N}"[..20];
            await cluster[(i / cluster.Nodes.Count) % cluster.Nodes.Count].Level2Async(user, "device-hand");
            await Until.TrueAsync(async () => (await from.Broker.PushToUserAsync(Pushes.ToUser(user, "hi", seconds: 2), default)).State == DeliveryState.Written);
        }
    }
}
