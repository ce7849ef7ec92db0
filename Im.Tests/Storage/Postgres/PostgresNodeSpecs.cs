using Im.Client;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Storage.Postgres;

/// <summary>A node as a process of its own on PostgreSQL, with the socket settings that only a process has.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresNodeSpecs(PostgresServer server)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [StoreFact]
    public async Task Should_answer_a_stored_cid_when_it_comes_again_after_a_kill()
    {
        string[] args = ["--Im:Storage:Provider=postgres", $"--Im:Storage:ConnectionString={await server.NewDatabaseAsync()}"];
        var first = await SendAsync(args);

        var again = await SendAsync(args);

        (again.Mseq, again.IsDuplicate).ShouldBe((first.Mseq, true));
    }

    /// <summary>Starts a node, sends once, and kills it.</summary>
    private static async Task<ImSent> SendAsync(string[] args)
    {
        await using var node = await NodeProcess.StartAsync(args);
        await using var client = new ImChatClient(new ImChatClientOptions { Url = new Uri(node.BannerLine("WebSocket")), App = 101, User = "alice", Device = "device-1" });
        await client.StartAsync();
        await client.JoinAsync("r:tea").WaitAsync(Bound);
        return await client.SendAsync("r:tea", "hi", "c1").WaitAsync(Bound);
    }
}
