using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>Real processes: one that is gone is told by its port from one that is frozen.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class GoneNodeSpecs(PostgresServer server)
{
    private const string Plain = "--Im:Cluster:Tls:Mode=off";
    private const string Resolver = "SBR took decision";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [StoreFact]
    public async Task Should_take_a_killed_node_out_by_what_both_others_observed_and_let_its_successor_in()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, Plain);
        var (oldest, others) = (cluster[0], new[] { cluster[1], cluster[2] });

        oldest.Signal(NodeProcess.SigKill);

        var gone = $"127.0.0.1:{cluster.Ports[0]} is gone, its port refuses {string.Join(", ", cluster.Ports.Skip(1).Select(port => $"127.0.0.1:{port}").Order(StringComparer.Ordinal))}";
        foreach (var other in others) await SaysAsync(other, gone);
        foreach (var other in others) await SaysAsync(other, $"127.0.0.1:{cluster.Ports[0]} is out of the cluster");
        var successor = await cluster.StartNodeAsync(0);
        successor.Signal(NodeProcess.SigKill);
        await successor.WaitForExitAsync();
        await cluster.StartNodeAsync(0);

        cluster[0].Output.ShouldNotContain(line => line.Contains("is gone", StringComparison.Ordinal));
        foreach (var other in others) other.Output.ShouldNotContain(line => line.Contains(Resolver, StringComparison.Ordinal));
        await oldest.DisposeAsync();
        await successor.DisposeAsync();
    }

    [StoreFact]
    public async Task Should_leave_a_frozen_node_to_the_split_brain_resolver()
    {
        await using var cluster = await ClusterProcesses.StartAsync(server, 3, Plain);
        var others = new[] { cluster[0], cluster[1] };

        cluster[2].Signal(NodeProcess.SigStop);

        await Until.TrueAsync(() => others.Any(other => Says(other, Resolver)), () => string.Join('\n', others.SelectMany(other => other.Output)), Patience);
        foreach (var other in others) Says(other, "refuses").ShouldBeFalse(string.Join('\n', other.Output));
    }

    private static Task SaysAsync(NodeProcess node, string text) => Until.TrueAsync(() => Says(node, text), () => $"\"{text}\" is not in\n{string.Join('\n', node.Output)}", Patience);

    private static bool Says(NodeProcess node, string text) => node.Output.Any(line => line.Contains(text, StringComparison.Ordinal));
}
