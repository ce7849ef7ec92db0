using Im.Client;
using Im.Protocol;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Client;

/// <summary>The client against a whole node.</summary>
public sealed class ImChatClientSpecs(NodeFixture node) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task Should_apply_each_message_once_in_order_when_two_users_chat()
    {
        await using var alice = await ChatClients.StartAsync(node, "alice", "device-a1");
        await using var bob = await ChatClients.StartAsync(node, "bob", "device-b1");
        var sent = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var from = i % 2 == 0 ? alice : bob;
            (await from.Client.SendAsync("p:alice|bob", $"line {i}")).Mseq.ShouldBe(i + 1);
            sent.Add($"line {i}");
        }
        await Until.TrueAsync(() => alice.Texts("p:alice|bob").Length >= 20 && bob.Texts("p:alice|bob").Length >= 20);
        alice.Texts("p:alice|bob").ShouldBe(sent);
        bob.Texts("p:alice|bob").ShouldBe(sent);
    }

    [Fact]
    public async Task Should_get_what_was_missed_when_it_comes_back_with_its_store()
    {
        var store = new MemoryClientStore();
        await using var carol = await ChatClients.StartAsync(node, "carol", "device-c1");
        await carol.Client.JoinAsync("r:missed");
        await using (var dave = await ChatClients.StartAsync(node, "dave", "device-d1", store))
        {
            await dave.Client.JoinAsync("r:missed");
            await carol.Client.SendAsync("r:missed", "one");
            await Until.TrueAsync(() => dave.Texts("r:missed").Length == 1 && store.Snapshot().Cursors.GetValueOrDefault("r:missed").Mseq == 1);
        }
        await carol.Client.SendAsync("r:missed", "two");
        await carol.Client.SendAsync("r:missed", "three");
        await using var again = await ChatClients.StartAsync(node, "dave", "device-d1", store);
        await Until.TrueAsync(() => again.Texts("r:missed").Length >= 2);
        again.Texts("r:missed").ShouldBe(["two", "three"]);
    }

    [Fact]
    public async Task Should_store_each_message_once_when_connections_break_under_way()
    {
        await using var erin = await ChatClients.StartAsync(node, "erin", "device-e1");
        await erin.Client.JoinAsync("r:broken");
        var sends = new List<Task<ImSent>>();
        for (var i = 0; i < 200; i++)
        {
            sends.Add(erin.Client.SendAsync("r:broken", $"{i}"));
            if (i % 50 == 25) await erin.Client.BreakAsync();
        }
        var sent = await Task.WhenAll(sends).WaitAsync(TimeSpan.FromMinutes(2));
        sent.Select(answer => answer.Mseq).ShouldBe(Enumerable.Range(1, 200).Select(mseq => (long)mseq));
        await Until.TrueAsync(() => erin.Texts("r:broken").Length >= 200, () => $"{erin.Client.State} {string.Join(' ', erin.Records("r:broken").Select(record => record.Mseq))}");
        erin.Texts("r:broken").ShouldBe(Enumerable.Range(0, 200).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Should_tell_the_code_when_a_message_is_refused_for_good()
    {
        await using var frank = await ChatClients.StartAsync(node, "frank", "device-f1");
        var refused = await Should.ThrowAsync<ImRefusedException>(() => frank.Client.SendAsync("g:nowhere", "hi"));
        refused.Code.ShouldBe(ReplyCode.NoSuchConversation);
    }

    [Fact]
    public async Task Should_apply_events_of_edits_and_groups_when_others_do_them()
    {
        await using var gina = await ChatClients.StartAsync(node, "gina", "device-g1");
        await using var hugo = await ChatClients.StartAsync(node, "hugo", "device-h1");
        var group = await gina.Client.CreateGroupAsync("Team", ["hugo"], "g:team");
        var sent = await gina.Client.SendAsync(group.Conversation, "fisrt");
        await gina.Client.EditAsync(group.Conversation, sent.Mseq, "first");
        await Until.TrueAsync(() => hugo.Records("g:team").Length >= 3 && gina.Records("g:team").Length >= 3);
        foreach (var side in new[] { gina, hugo })
        {
            side.Records("g:team").Select(record => (record.Mseq, record.Type)).ShouldBe([(1, "event"), (2, "text"), (3, "event")]);
            side.Records("g:team")[2].Ext!.Value.GetProperty("op").GetString().ShouldBe("edit");
        }
    }
}
