using System.Collections.Concurrent;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>A node with many users is asked by another one.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class LargeAnswersSpecs(ActorClusterFixture fixture)
{
    private const int UsersCount = 1_700;

    private readonly ActorCluster _cluster = fixture.Cluster;

    [Fact]
    public async Task Should_name_all_users_in_messages_of_at_most_64_KiB()
    {
        var sizes = new ConcurrentBag<int>();
        var names = Enumerable.Range(0, UsersCount).Select(i => $"large-{i:0000}-{new string('x', 50)}").ToArray();
        var clients = await Task.WhenAll(names.Select(name => _cluster[1].Level2Async(name, "device-large")));
        var extra = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => _cluster[1].Level2Async("large-one", $"device-large-{i}")));
        _cluster.Sent = (_, _, bytes) => sizes.Add(bytes.Length);

        var page = await Whole.AnswerAsync(() => _cluster[0].Broker.ListUsersAsync(Pushes.App, null, 5_000, null, default), page => !page.Partial);
        var connections = await Whole.AnswerAsync(() => _cluster[0].Broker.ListConnectionsAsync(Pushes.App, new UserId("large-one"), default), list => !list.Partial);
        var online = await Whole.AnswerAsync(
            () => _cluster[0].Broker.QueryOnlineAsync(Pushes.App, [.. names.Take(1_000).Select(name => new UserId(name))], default), users => users.All(presence => presence.Online is not null));

        _cluster.Sent = null;
        page.Users.Select(user => user.Value).Intersect(names).Count().ShouldBe(UsersCount);
        page.Partial.ShouldBeFalse();
        connections.Connections.Select(info => info.ConnectionId).Distinct().Count().ShouldBe(200);
        online.ShouldAllBe(presence => presence.Online == true);
        sizes.Max().ShouldBeLessThan(64 * 1024 + 1_024);   // and what the transport puts around it
        foreach (var client in clients.Concat(extra)) client.Cut();
        foreach (var client in clients.Concat(extra)) await client.ClosedAsync();
    }
}
