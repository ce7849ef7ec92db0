using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Im.Node.Clustering.Formation;
using Im.Node.Configuration;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Clustering;

/// <summary>What is said of a port of another program, of another cluster, or of a node under another name.</summary>
public sealed class SeedProbeSpecs
{
    private static readonly Address Self = new("akka.tcp", "im", "127.0.0.1", 4053);

    [Fact]
    public async Task Should_name_both_actor_systems_when_the_node_there_is_of_another_one()
    {
        using var other = Remoting("other", "127.0.0.1");

        await SaysAsync(PortOf(other), "is a node of the actor system \"other\", and this one is of \"im\"");

        await other.Terminate();
    }

    [Fact]
    public async Task Should_say_under_which_name_the_node_there_is_known()
    {
        using var node = Remoting("im", "im-7.example.org");
        var port = PortOf(node);

        await SaysAsync(port, $"calls itself im-7.example.org:{port}");

        await node.Terminate();
    }

    [Fact]
    public async Task Should_know_a_node_of_ours()
    {
        using var node = Remoting("im", "127.0.0.1");

        await SaysAsync(PortOf(node), "answers as a node of ours");

        await node.Terminate();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0008\0\0\0garbage!")]
    [InlineData("\u0002\0\0\0\u0008\u0001")]
    public async Task Should_take_what_says_nothing_of_a_node_for_another_program(string? says)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var served = ServeAsync(listener, says);

        (await ExplainAsync(((IPEndPoint)listener.LocalEndpoint).Port)).ShouldStartWith("is reached, but no member of this cluster answers there");

        listener.Stop();
        (await served).Dispose();
    }

    private static async Task<TcpClient> ServeAsync(TcpListener listener, string? says)
    {
        var client = await listener.AcceptTcpClientAsync();
        if (says is not null) await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(says));
        return client;
    }

    /// <summary>A node has a second to tell its name; one that comes too late is asked again.</summary>
    private static async Task SaysAsync(int port, string expected)
    {
        var said = "";
        await Until.TrueAsync(async () => (said = await ExplainAsync(port)).StartsWith(expected, StringComparison.Ordinal), () => said);
    }

    private static Task<string> ExplainAsync(int port) => new SeedProbe(tls: null).ExplainAsync(new SeedNode("127.0.0.1", port), Self, CancellationToken.None);

    private static ActorSystem Remoting(string system, string host) => ActorSystem.Create(system, ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
        akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, public-hostname = "{{host}}" } }
        """)));

    private static int PortOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress.Port!.Value;
}
