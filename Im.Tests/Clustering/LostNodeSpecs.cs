using Im.Actors.Edge;
using Im.Protocol;
using Im.Protocol.Names;
using Im.Tests.Edge;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>A node dies without a word and is downed. Whose owner, session or relay was there goes on elsewhere.</summary>
[Collection(ActorClusterTests.Name)]
public sealed class LostNodeSpecs
{
    private static readonly string[] Rooms = [.. Enumerable.Range(0, 8).Select(i => $"r:lost-{i}")];

    [Theory]
    [InlineData(0)]   // the oldest, with the coordinators
    [InlineData(2)]
    public async Task Should_tell_every_room_once_who_was_lost_with_the_node(int lost)
    {
        await using var cluster = await ActorCluster.StartAsync(3);
        var members = new List<MemoryClient>();
        var guests = new List<MemoryClient>();
        foreach (var node in cluster.Nodes)
        {
            members.Add(await node.Level2Async($"member-{node.Name}", $"device-{node.Name}-1", Rooms));
            guests.Add(await node.Level0Async($"guest-{node.Name}"));
        }

        foreach (var room in Rooms) await SayAsync(members[lost], room, "all here");
        foreach (var member in members.Where((_, i) => i != lost)) await HeardAsync(member, "all here");
        await LoseAsync(cluster, cluster[lost]);
        members.RemoveAt(lost);
        guests.RemoveAt(lost);

        foreach (var member in members) await Until.TrueAsync(() => Exits(member, $"member-n{lost + 1}").Length >= Rooms.Length, () => Seen(member), TimeSpan.FromSeconds(60));
        foreach (var guest in guests) await Until.TrueAsync(() => Exits(guest, $"guest-n{lost + 1}").Length >= 1, () => Seen(guest), TimeSpan.FromSeconds(60));
        foreach (var room in Rooms) await SayAsync(members[0], room, "who is left");
        await HeardAsync(members[1], "who is left");
        foreach (var member in members)
        {
            Exits(member, $"member-n{lost + 1}").Order().ShouldBe(Rooms);
            member.Count(message => message.Cmd == "exit").ShouldBe(Rooms.Length, Seen(member));
            foreach (var room in Rooms) (await member.AskAsync("again-" + room, "join", $$"""{"conv":"{{room}}"}""")).Data.GetProperty("members").GetInt32().ShouldBe(2);
        }

        foreach (var guest in guests) guest.Count(message => message.Cmd == "exit").ShouldBe(1, Seen(guest));
    }

    [Fact]
    public async Task Should_know_every_user_again_when_their_sessions_were_lost_with_a_node()
    {
        await using var cluster = await ActorCluster.StartAsync(3);
        var (here, there, dies) = (cluster[0], cluster[1], cluster[2]);
        var users = Enumerable.Range(0, 12).Select(i => $"user-{i}").ToArray();
        var clients = new List<MemoryClient>();
        for (var i = 0; i < users.Length; i++) clients.Add(await (i % 2 == 0 ? here : there).Level2Async(users[i], "device-user-1"));
        foreach (var i in Enumerable.Range(0, 3)) await dies.Level2Async($"gone-{i}", "device-gone-1");
        var watcher = await here.Level2Async("watcher", "device-watcher");
        var watched = users.Concat(["gone-0", "gone-1", "gone-2"]).Select(user => $"\"{user}\"");
        await watcher.AskAsync("w", "watch", $$"""{"users":[{{string.Join(',', watched)}}]}""");

        await LoseAsync(cluster, dies);

        await Until.TrueAsync(() => Offline(watcher, "gone").Length == 3, () => Seen(watcher), TimeSpan.FromSeconds(60));
        foreach (var user in users)
        {
            await Until.TrueAsync(async () => (await there.Broker.PushToUserAsync(Pushes.ToUser(user, "hi", seconds: 3), default)).State == DeliveryState.Written, () => user, TimeSpan.FromSeconds(60));
        }

        var again = new List<MemoryClient>();
        for (var i = 0; i < users.Length; i++) again.Add(await (i % 2 == 0 ? there : here).Level2Async(users[i], "device-user-1"));
        foreach (var client in clients) (await client.ClosedAsync()).ShouldBe((int)CloseCode.ReplacedByLogin);
        Offline(watcher, "user").ShouldBeEmpty("nobody who stayed was said to be away");
        foreach (var client in again) client.Cut();
        await Until.TrueAsync(() => Offline(watcher, "user").Length == users.Length, () => Seen(watcher));
        foreach (var user in new[] { "gone-0", "user-3" })
            await Until.TrueAsync(async () => (await here.Broker.PushToUserAsync(Pushes.ToUser(user, "hi", seconds: 3), default)).State == DeliveryState.Offline);
    }

    [Fact]
    public async Task Should_never_say_offline_while_a_node_is_silent_that_may_hold_the_user()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: "akka.cluster.split-brain-resolver { stable-after = 60s, down-all-when-unstable = off }");
        var (asked, silent) = (cluster[0], cluster[2]);
        var users = Enumerable.Range(0, 6).Select(i => $"quiet-{i}").ToArray();
        await silent.Level2Async("quiet-0", "device-quiet-1");

        cluster.Isolate(silent);
        var states = await Task.WhenAll(users.Select(async user => (await asked.Broker.PushToUserAsync(Pushes.ToUser(user, "hi", seconds: 4), default)).State));
        var online = await asked.Broker.QueryOnlineAsync(Pushes.App, [.. users.Select(user => new UserId(user))], default);
        var list = await asked.Broker.ListUsersAsync(Pushes.App, null, 10, null, default);
        var fanouts = await Task.WhenAll(Rooms.Select(room => asked.Broker.PushToConversationAsync(Pushes.ToRoom(room, "hi", numbered: false) with { Timeout = TimeSpan.FromSeconds(4) }, default)));

        states.ShouldNotContain(DeliveryState.Offline);
        online.ShouldAllBe(presence => presence.Online == null);
        list.Partial.ShouldBeTrue();
        fanouts.ShouldAllBe(fanout => fanout.Partial);
        asked.Cluster.Down(silent.Address);
        foreach (var user in users)
        {
            await Until.TrueAsync(async () => (await asked.Broker.PushToUserAsync(Pushes.ToUser(user, "hi", seconds: 4), default)).State == DeliveryState.Offline, () => user, TimeSpan.FromSeconds(60));
        }

        (await asked.Broker.QueryOnlineAsync(Pushes.App, [new UserId("quiet-0")], default)).Single().Online.ShouldBe(false);
    }

    [Fact]
    public async Task Should_find_places_for_shards_while_a_node_is_silent()
    {
        await using var cluster = await ActorCluster.StartAsync(3, hocon: "akka.cluster.split-brain-resolver { stable-after = 600s, down-all-when-unstable = off }");
        var sender = await cluster[0].Level2Async("sender", "device-sender");

        cluster.Isolate(cluster[2]);
        for (var i = 0; i < 12; i++) sender.Send($"new-{i}", "msg", $$"""{"conv":"p:peer-{{i}}|sender","type":"text","msg":"x","cid":"c-{{i}}"}""");

        // Others may have got their place on the silent node.
        await Until.TrueAsync(() => sender.All.Count(message => message.Seq.StartsWith("new-", StringComparison.Ordinal) && message.Code == 200) >= 4, () => Seen(sender), TimeSpan.FromSeconds(60));
        cluster[0].Cluster.State.Members.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Should_answer_every_send_once_and_store_it_once_when_shards_move_and_a_node_is_lost()
    {
        await using var cluster = await ActorCluster.StartAsync(2);
        var sender = await cluster[1].Level2Async("sender", "device-sender", Rooms);
        var sending = Task.WhenAll(Rooms.Select(room => SendManyAsync(sender, room, 60)));

        await cluster.AddAsync();
        await LoseAsync(cluster, cluster[0]);
        await sending;

        foreach (var room in Rooms)
        {
            var page = await cluster.Store.ReadAsync(new Im.Actors.Conversations.Store.HistoryQuery(new ConversationKey(Pushes.App, new ConversationId(room)), null, null, 0, 1_000));
            page.Records.Select(record => record.Mseq).ShouldBe(Enumerable.Range(1, 60).Select(i => (long)i));
            page.Records.Select(record => record.Cid).ShouldBe(Enumerable.Range(0, 60).Select(i => $"c-{i}"));
        }
    }

    /// <summary>One after the other, each again with its cid until it is answered with 200, as an SDK does.</summary>
    private static async Task SendManyAsync(MemoryClient sender, string room, int count)
    {
        for (var i = 0; i < count; i++)
        {
            for (var attempt = 0; ; attempt++)
            {
                var seq = $"{room}-{i}-{attempt}";
                sender.Send(seq, "msg", $$"""{"conv":"{{room}}","type":"text","msg":"{{i}}","cid":"c-{{i}}"}""");
                Received? reply = null;
                await Until.TrueAsync(() => (reply = sender.All.FirstOrDefault(message => message.Seq == seq)) is not null, () => seq, TimeSpan.FromSeconds(60));
                if (reply!.Code == 200) break;
                reply.Code.ShouldBeOneOf(1015, 1016, 1017);
            }
        }
    }

    private static async Task LoseAsync(ActorCluster cluster, ActorNode node)
    {
        var address = node.Address;
        await cluster.KillAsync(node);
        cluster[0].Cluster.Down(address);
    }

    private static async Task SayAsync(MemoryClient client, string room, string text) =>
        await Until.TrueAsync(async () => (await client.AskAsync($"say-{Guid.NewGuid():N}"[..20], "msg", $$"""{"conv":"{{room}}","type":"text","msg":"{{text}}","cid":"{{text.Replace(' ', '-')}}"}""")).Code == 200);

    private static Task HeardAsync(MemoryClient client, string text) =>
        Until.TrueAsync(() => client.Count(message => message.IsPush && message.Cmd == "msg" && message.Message == text) == Rooms.Length, () => Seen(client));

    private static string[] Exits(MemoryClient client, string user) =>
        [.. client.All.Where(message => message.Cmd == "exit" && message.From == user).Select(message => message.Data.TryGetProperty("conv", out var conv) ? conv.GetString()! : "")];

    private static string[] Offline(MemoryClient watcher, string prefix) =>
        [.. watcher.All.Where(message => message.Cmd == "presence" && message.Data.GetProperty("state").GetString() == "offline").Select(message => message.Data.GetProperty("user").GetString()!).Where(user => user.StartsWith(prefix, StringComparison.Ordinal)).Distinct()];

    private static string Seen(MemoryClient client) => string.Join('\n', client.All.Select(message => message.Text));
}
