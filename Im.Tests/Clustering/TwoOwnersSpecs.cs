using Im.Actors.Conversations.Store;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>Two owners of one conversation live at once over one store, as when a node froze, was replaced and wakes: the row alone decides.</summary>
public sealed class TwoOwnersSpecs
{
    private const string Conversation = "p:alice|bob";

    [Fact]
    public async Task Should_number_without_a_hole_and_store_each_once_when_two_owners_write_in_turn()
    {
        var store = new MemoryStore();
        await using var first = await ActorNode.StartAsync(store: store, lanes: 1);
        await using var second = await ActorNode.StartAsync(store: store, lanes: 1);
        var alice = await first.Level2Async("alice", "device-alice");
        var bob = await second.Level2Async("bob", "device-bob");

        var numbers = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            numbers.Add(await SendAsync(alice, $"a-{i}"));
            numbers.Add(await SendAsync(bob, $"b-{i}"));
        }

        numbers.ShouldBe(Enumerable.Range(1, 12).Select(i => (long)i));
        var page = await store.ReadAsync(new HistoryQuery(new ConversationKey(Pushes.App, new ConversationId(Conversation)), null, null, 0, 100));
        page.Records.Select(record => record.Cid).ShouldBe(Enumerable.Range(0, 6).SelectMany(i => new[] { $"a-{i}", $"b-{i}" }));
    }

    [Fact]
    public async Task Should_answer_a_stored_cid_with_its_number_when_the_other_owner_wrote_it()
    {
        var store = new MemoryStore();
        await using var first = await ActorNode.StartAsync(store: store, lanes: 1);
        await using var second = await ActorNode.StartAsync(store: store, lanes: 1);
        var here = await first.Level2Async("alice", "device-alice");
        await SendAsync(here, "a-1");
        var there = await second.Level2Async("alice", "device-alice");
        var number = await SendAsync(there, "a-2");

        (await SendAsync(here, "a-2")).ShouldBe(number);
    }

    /// <summary>Again with its cid until it is answered for good.</summary>
    private static async Task<long> SendAsync(MemoryClient client, string cid)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reply = await client.AskAsync($"{cid}-{attempt}", "msg", $$"""{"conv":"{{Conversation}}","type":"text","msg":"{{cid}}","cid":"{{cid}}"}""");
            if (reply.Code == 200) return reply.Data.GetProperty("mseq").GetInt64();
            reply.Code.ShouldBe(1016);
        }
    }
}
