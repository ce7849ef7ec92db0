using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Im.Cli.Certs;
using Im.Node.Clustering.Door;
using Im.Tests.Storage;
using Im.Tests.Storage.Postgres;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering.Strangers;

/// <summary>Control S20 on real nodes: whoever is none of them does not get in, and none of their users notices that he tried.</summary>
[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class StrangerSpecs(PostgresServer server, StrangerCluster cluster) : IClassFixture<StrangerCluster>
{
    private const int Pieces = 300;

    /// <summary>Far more than the collector leaves now and then, far less than 300 connections that are held.</summary>
    private const long HeapSlackBytes = 3 * 1024 * 1024;

    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(15);

    [StoreFact]
    public async Task Should_let_no_stranger_in_and_fail_no_request_when_he_has_no_certificate_or_a_wrong_one()
    {
        using var files = new TemporaryDirectory();
        await Certificates.MakeAsync(files.Path, StrangerCluster.Host);
        using var foreign = X509Certificate2.CreateFromPemFile(new CertificateFiles(files.Path).CertificateOf(StrangerCluster.Host), new CertificateFiles(files.Path).KeyOf(StrangerCluster.Host));
        using var elsewhere = cluster.MakeCertificate("im-9.example.org");
        using var expired = cluster.MakeExpiredCertificate();
        await using var traffic = await ClusterTraffic.StartAsync(cluster.Nodes);
        var before = cluster.Written();
        var started = Stopwatch.GetTimestamp();

        await using var plain = await RunNodeAsync("--Im:Cluster:Tls:Mode=off");
        await using var ofAnother = await RunNodeAsync(Certificates.OptionsOf(files.Path, StrangerCluster.Host));
        await using var byAnother = StrangerSystem.Join(foreign, cluster.Nodes.Ports);
        await using var fromElsewhere = StrangerSystem.Join(elsewhere, cluster.Nodes.Ports);
        await using var tooLate = StrangerSystem.Join(expired, cluster.Nodes.Ports);
        await cluster.StayWholeAsync(Task.WhenAll(
            plain.WaitForErrorAsync(line => line.StartsWith("Not ready after 20 s", StringComparison.Ordinal)),
            ofAnother.WaitForErrorAsync(line => line.Contains("is not of this cluster", StringComparison.Ordinal)),
            NeverInAsync(byAnother, fromElsewhere, tooLate)));

        (await traffic.StopAsync()).ShouldBeGreaterThan(50);
        var lines = cluster.LinesAfter(before);
        lines.ShouldContain(line => line.Contains("is not one of this cluster's: PartialChain", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("is not one of this cluster's: NotTimeValid", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("it says that it is 127.0.0.1, which its certificate (CN=im-9.example.org) does not name", StringComparison.Ordinal));
        ShouldBeFew(lines, started);
    }

    [StoreFact]
    public async Task Should_fail_no_request_and_keep_nothing_when_garbage_comes_to_the_port()
    {
        await using var traffic = await ClusterTraffic.StartAsync(cluster.Nodes);
        await cluster.StayWholeAsync(new PortGarbage(cluster.Nodes.Ports[0], seed: 1).SendAsync(Pieces));
        var (before, written, started) = (await cluster.LeftAsync(0), cluster.Written(), Stopwatch.GetTimestamp());

        await cluster.StayWholeAsync(new PortGarbage(cluster.Nodes.Ports[0], seed: 4053).SendAsync(Pieces));

        (await traffic.StopAsync()).ShouldBeGreaterThan(50);
        ShouldBeFew(cluster.LinesAfter(written), started);
        var after = await cluster.LeftAsync(0);
        await Until.TrueAsync(
            async () => (after = await cluster.LeftAsync(0)).Sockets <= before.Sockets && after.HeapBytes < before.HeapBytes + HeapSlackBytes && after.Actors <= before.Actors,
            () => $"before {before}, after {after}");
    }

    /// <summary>What shows that the others could have come in: the same stranger with a certificate of this cluster's for his host.</summary>
    [StoreFact]
    public async Task Should_let_in_who_has_a_certificate_for_his_host()
    {
        using var files = new TemporaryDirectory();
        await Certificates.MakeAsync(files.Path, StrangerCluster.Host);
        using var certificate = X509Certificate2.CreateFromPemFile(new CertificateFiles(files.Path).CertificateOf(StrangerCluster.Host), new CertificateFiles(files.Path).KeyOf(StrangerCluster.Host));
        await using var nodes = await ClusterProcesses.NewAsync(server, 1, Certificates.OptionsOf(files.Path, StrangerCluster.Host));
        await nodes.StartNodeAsync(0);

        await using var known = StrangerSystem.Join(certificate, nodes.Ports);

        await Until.TrueAsync(() => known.IsIn);
    }

    /// <summary>A real node that names the cluster's nodes as its seeds, over a store of its own.</summary>
    private async Task<NodeProcess> RunNodeAsync(params string[] tls)
    {
        var port = FreePort.Take(1)[0];
        return NodeProcess.Run(
        [
            "--Im:Http:Port=0", "--Im:Grpc:Port=0", "--Im:WebSocket:Port=0", "--Im:Storage:Provider=postgres", $"--Im:Storage:ConnectionString={await server.NewDatabaseAsync()}",
            $"--Im:Cluster:Port={port}", .. cluster.Nodes.Ports.Append(port).Select((seed, i) => $"--Im:Cluster:SeedNodes:{i}={StrangerCluster.Host}:{seed}"), .. tls,
        ]);
    }

    private static async Task NeverInAsync(params StrangerSystem[] strangers)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TryFor; await pace.WaitForNextTickAsync()) strangers.ShouldAllBe(stranger => !stranger.IsIn);
    }

    /// <summary>Of each of the three nodes a window's worth and a few others, however often it was tried.</summary>
    private static void ShouldBeFew(IReadOnlyList<string> lines, long started)
    {
        var windows = 1 + (int)Math.Ceiling(Stopwatch.GetElapsedTime(started) / RefusalLog.Window);
        lines.Count.ShouldBeLessThanOrEqualTo(3 * (RefusalLog.LinesMaxCount + 2) * windows, string.Join('\n', lines));
        lines.ShouldAllBe(line => line.Length < 1_000);
    }
}
