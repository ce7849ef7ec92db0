using Im.Node.Configuration;
using Im.Node.Lifetime;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>What keeps a node running lets it drain, and starts it again when it has left its cluster.</summary>
public sealed class UnitFileSpecs
{
    private static readonly Dictionary<string, string> Unit = Repository.Read("docker/systemd/imakka.service").Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith('#'))
        .Select(line => line.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);

    [Fact]
    public void Should_start_a_node_again_whatever_it_ended_with_but_wrong_options_and_a_drain_to_stay_away()
    {
        Unit["Restart"].ShouldBe("always");
        Unit["RestartPreventExitStatus"].ShouldBe($"{ExitCodes.Configuration} {ExitCodes.Drained}");
    }

    [Fact]
    public void Should_wait_for_the_drain_before_it_kills()
    {
        TimeSpan.FromSeconds(int.Parse(Unit["TimeoutStopSec"], System.Globalization.CultureInfo.InvariantCulture)).ShouldBeGreaterThan(StopBudget.Whole);
        Unit["KillSignal"].ShouldBe("SIGTERM");
    }

    [Fact]
    public void Should_give_every_connection_a_file() =>
        int.Parse(Unit["LimitNOFILE"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(new Im.Node.Configuration.WebSocketListenerOptions().MaxConnectionsCount);

    [Fact]
    public void Should_restart_the_nodes_of_the_containers_too()
    {
        var compose = Repository.Read("docker/compose.yaml");

        compose.Split("x-options:")[0].ShouldContain("restart: always");
        compose.Split("x-options:")[0].ShouldContain("stop_grace_period: 35s");
    }
}
