using Im.Node.Configuration;
using Im.Node.Storage;
using Im.Node.Storage.Postgres;
using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>Real processes that become one cluster over one PostgreSQL.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class FormationSpecs(PostgresServer server)
{
    private const string Plain = "--Im:Cluster:Tls:Mode=off";

    [StoreFact]
    public async Task Should_come_back_into_its_cluster_when_a_node_is_killed_or_stopped_and_started_again()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, Plain);
        var first = cluster[0];
        first.Signal(NodeProcess.SigKill);
        await first.WaitForExitAsync();

        await cluster.StartNodeAsync(0);

        cluster[2].Signal(NodeProcess.SigTerm);
        (await cluster[2].WaitForExitAsync()).ShouldBe(ExitCodes.Stopped);
        await cluster.StartNodeAsync(2);
        await first.DisposeAsync();
        await Until.TrueAsync(async () => await MembersAsync(cluster) == 3);
    }

    [StoreFact]
    public async Task Should_say_which_seed_was_tried_and_why_it_failed_when_none_can_be_joined()
    {
        await using var cluster = await ClusterProcesses.NewAsync(server, 2, Plain);
        using var stranger = FreePort.Occupy();
        var node = cluster.RunNode(1, $"--Im:Cluster:SeedNodes:2=127.0.0.1:{FreePort.PortOf(stranger)}", "--Im:Cluster:SeedNodes:3=no-such-host.invalid:4053");

        (await node.WaitForExitAsync(TimeSpan.FromMinutes(3))).ShouldBe(ExitCodes.NotReady);

        node.Errors[0].ShouldStartWith("Not ready after 20 s (cluster: starting");
        node.Errors.ShouldContain($"  127.0.0.1:{cluster.Ports[0]} refuses the connection: no node listens there");
        node.Errors.ShouldContain(line => line.StartsWith($"  127.0.0.1:{FreePort.PortOf(stranger)} is reached, but no member", StringComparison.Ordinal));
        node.Errors.ShouldContain("  no-such-host.invalid:4053 has a name that cannot be resolved: correct it, or the DNS");
        node.Errors.ShouldContain(line => line.StartsWith($"  This node is 127.0.0.1:{cluster.Ports[1]}; the first of Im:Cluster:SeedNodes", StringComparison.Ordinal));
        node.Errors.ShouldContain(line => line.StartsWith("Not ready after 60 s", StringComparison.Ordinal));
    }

    [StoreFact]
    public async Task Should_know_who_is_about_only_as_long_as_it_says_so()
    {
        var settings = new StoreSettings { DataDirectory = "", ConnectionString = await server.NewDatabaseAsync() };
        await Migrations.ApplyAsync(settings.ConnectionString!, CancellationToken.None);
        await using var registry = new PostgresNodeRegistry(settings);
        (await registry.TouchAsync("a:1", CancellationToken.None)).ShouldBeTrue();
        await registry.TouchAsync("a:1", CancellationToken.None);
        await registry.TouchAsync("b:1", CancellationToken.None);

        (await registry.ReadAsync(TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBe(["a:1", "b:1"]);
        await registry.RemoveAsync("a:1", CancellationToken.None);
        (await registry.ReadAsync(TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBe(["b:1"]);
        (await registry.ReadAsync(TimeSpan.Zero, CancellationToken.None)).ShouldBe([]);
    }

    [StoreFact]
    public async Task Should_not_claim_to_know_who_is_about_when_the_store_does_not_answer()
    {
        await using var registry = new PostgresNodeRegistry(new StoreSettings { DataDirectory = "", ConnectionString = "Host=127.0.0.1;Port=1;Username=im;Database=im" });

        (await registry.ReadAsync(TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeNull();
        (await registry.TouchAsync("a:1", CancellationToken.None)).ShouldBeFalse();
    }

    /// <summary>How many members are ready to take users.</summary>
    private static async Task<int> MembersAsync(ClusterProcesses cluster)
    {
        using var http = new HttpClient();
        var ready = 0;
        for (var i = 0; i < cluster.Ports.Count; i++)
        {
            if ((await http.GetAsync(new Uri(cluster[i].BannerLine("Health")))).IsSuccessStatusCode) ready++;
        }

        return ready;
    }
}
