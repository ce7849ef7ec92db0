using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>What a client sees of a store that goes away under a running node, and comes back.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class StoreOutageSpecs(PostgresServer server)
{
    private const int Temporary = 1016;
    private const int Unknown = 1017;

    [StoreFact]
    public async Task Should_answer_1016_keep_what_was_acknowledged_and_recover_when_PostgreSQL_is_stopped_and_started()
    {
        var node = await NodeFixture.StartAsync("--Im:Storage:Provider=postgres", $"--Im:Storage:ConnectionString={await server.NewDatabaseAsync()}");
        await using var alice = await TalkingClient.JoinAsync(node.WebSocket, "alice", "r:outage");
        List<string> acknowledged = ["before"];
        (await alice.SendAsync("before", "hello")).ShouldBe(200);

        await server.StopAsync(kills: true);
        (await alice.SendAsync("meanwhile", "is anybody there")).ShouldBeOneOf(Temporary, Unknown);
        await Until.TrueAsync(async () => await alice.SendAsync("refused", "again") == Temporary);
        (await alice.HeartbeatAsync()).ShouldBe(200);
        await server.StartAsync();

        await alice.SendUntilStoredAsync("meanwhile", "is anybody there");
        acknowledged.Add("meanwhile");
        (await alice.SendAsync("after", "back")).ShouldBe(200);
        acknowledged.Add("after");
        (await alice.HistoryAsync()).ShouldBe(acknowledged);
        await node.DisposeAsync();
    }
}

public sealed class FullDiskSpecs
{
    [TmpfsFact]
    public async Task Should_answer_1016_go_on_reading_and_recover_when_the_disk_is_full_and_then_is_not()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var node = await NodeProcess.StartAsync($"--Im:DataDirectory={disk.Path}/data");
        await using var alice = await TalkingClient.JoinAsync(new Uri(node.BannerLine("WebSocket")), "alice", "r:full");
        var text = new string('x', 8_000);
        List<string> acknowledged = ["c0"];
        (await alice.SendAsync("c0", text)).ShouldBe(200);
        disk.Fill();

        var code = 0;
        for (var n = 1; n < 1_000 && (code = await alice.SendAsync($"c{n}", text)) == 200; n++) acknowledged.Add($"c{n}");
        var refused = $"c{acknowledged.Count}";

        code.ShouldBe(1016);
        (await alice.HistoryAsync()).ShouldBe(acknowledged);
        (await alice.HeartbeatAsync()).ShouldBe(200);
        disk.Free();
        await alice.SendUntilStoredAsync(refused, text);
        (await alice.HistoryAsync()).ShouldBe([.. acknowledged, refused]);
    }
}
