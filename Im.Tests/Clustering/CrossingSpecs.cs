using System.Collections.Concurrent;
using System.Text;
using Akka.Actor;
using Im.Actors.Edge;
using Im.Actors.Links;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>What crosses between nodes, counted on the wire.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class CrossingSpecs(ActorClusterFixture fixture) : IDisposable
{
    private readonly ActorCluster _cluster = fixture.Cluster;

    public void Dispose()
    {
        _cluster.Sent = null;
        _cluster.Refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_cross_to_each_node_once_when_a_room_message_has_many_members_there()
    {
        const int Members = 20;
        const int Messages = 40;
        using var received = new CounterSum("im.topic.received");
        var clients = new List<MemoryClient>();
        foreach (var node in _cluster.Nodes)
        {
            for (var i = 0; i < Members; i++) clients.Add(await node.Level2Async($"cross-{node.Name}-{i}", $"device-{i:0000}", "r:cross"));
        }

        var crossings = new ConcurrentBag<(Address From, Address To, string Message)>();
        _cluster.Sent = (from, to, bytes) =>
        {
            foreach (var message in FramesIn(bytes.Span)) crossings.Add((from, to, message));
        };
        for (var i = 0; i < Messages; i++)
            (await clients[0].AskAsync($"s{i}", "msg", $$"""{"conv":"r:cross","type":"text","msg":"crossing {{i:000}}.","cid":"c-{{i}}"}""")).Code.ShouldBe(200);
        foreach (var client in clients[1..])
            await client.NextAsync(message => message.IsPush && message.Cmd == "msg" && message.Message == $"crossing {Messages - 1:000}.");

        var byMessage = crossings.GroupBy(crossing => crossing.Message).ToArray();
        byMessage.Length.ShouldBe(Messages);
        foreach (var message in byMessage)
        {
            message.Count().ShouldBe(_cluster.Nodes.Count - 1, $"{message.Key}: {string.Join(", ", message)}");
            message.Select(crossing => crossing.To).ShouldBeUnique();
            message.Select(crossing => crossing.From).Distinct().Count().ShouldBe(1);
        }

        received.Total.ShouldBeGreaterThanOrEqualTo((_cluster.Nodes.Count - 1) * Messages);
    }

    [Fact]
    public async Task Should_travel_many_in_one_packet_when_there_is_much_to_say_to_a_node()
    {
        const int Pushes = 2_000;
        var (from, to) = (_cluster[0], _cluster[1]);
        await Until.TrueAsync(() => LinkTable.Of(from.System).Find(to.Address) is not null && LinkTable.Of(to.System).Find(from.Address) is not null);
        var client = await to.Level2Async("many-there", "device-many");
        using var messages = new CounterSum("im.link.messages");
        using var batches = new CounterSum("im.link.batches");

        var pushing = Enumerable.Range(0, Pushes).Select(i => from.Broker.PushToUserAsync(Edge.Pushes.ToUser("many-there", $"{i}"), default));
        var results = await Task.WhenAll(pushing);

        results.ShouldAllBe(result => result.State == DeliveryState.Written || (result.State == DeliveryState.Pending && result.Devices.Single().Why == "slow"));
        messages.Total.ShouldBeGreaterThan(Pushes);
        batches.Total.ShouldBeLessThan(messages.Total / 4);
        client.Cut();
    }

    /// <summary>The texts of the frames in a packet; each once, whatever levels it is there for. A send on its way to the owner has no frame.</summary>
    private static HashSet<string> FramesIn(ReadOnlySpan<byte> packet)
    {
        var found = new HashSet<string>();
        var rest = packet;
        while (rest.IndexOf("\"msg\":\"crossing "u8) is var at and >= 0)
        {
            rest = rest[(at + "\"msg\":\"crossing ".Length)..];
            found.Add(Encoding.UTF8.GetString(rest[..3]));
        }

        return found;
    }
}
