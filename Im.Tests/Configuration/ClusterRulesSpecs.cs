using Im.Node.Configuration;
using Shouldly;
using Xunit;

namespace Im.Tests.Configuration;

public sealed class ClusterRulesSpecs
{
    private static readonly (string, string)[] Postgres = [("Im:Storage:Provider", "postgres"), ("Im:Storage:ConnectionString", "Host=db")];
    private static readonly (string, string)[] Seeds = [("Im:Cluster:SeedNodes:0", "im-1:4053"), ("Im:Cluster:SeedNodes:1", "im-2:4053")];
    private static readonly (string, string)[] NoTls = [("Im:Cluster:Tls:Mode", "off")];
    private static readonly (string, string)[] Files =
        [("Im:Cluster:Tls:Certificate", "node.crt"), ("Im:Cluster:Tls:Key", "node.key"), ("Im:Cluster:Tls:CaCertificate", "ca.crt")];

    [Fact]
    public void Should_refuse_seed_nodes_in_one_line_when_the_store_is_sqlite()
    {
        OptionReaderSpecs.Errors([.. Seeds, .. NoTls]).ShouldHaveSingleItem().ShouldContain("nodes of a cluster share a PostgreSQL");
    }

    [Fact]
    public void Should_ask_for_certificates_or_the_insecure_switch_when_there_are_seed_nodes()
    {
        var error = OptionReaderSpecs.Errors([.. Seeds, .. Postgres]).ShouldHaveSingleItem();

        error.ShouldContain("make them with im certs and set Im__Cluster__Tls__Certificate, Im__Cluster__Tls__Key, Im__Cluster__Tls__CaCertificate");
        error.ShouldContain("Im__Cluster__Tls__Mode=off");
    }

    [Fact]
    public void Should_accept_seed_nodes_with_certificates_or_with_the_switch()
    {
        Should.NotThrow(() => OptionReaderSpecs.Read([.. Seeds, .. Postgres, .. Files]));
        Should.NotThrow(() => OptionReaderSpecs.Read([.. Seeds, .. Postgres, .. NoTls]));
    }

    [Fact]
    public void Should_refuse_certificates_that_nothing_would_use()
    {
        OptionReaderSpecs.Errors(Files).ShouldHaveSingleItem().ShouldContain("Im:Cluster:Tls is set and Im:Cluster:SeedNodes is not");
        OptionReaderSpecs.Errors([.. Seeds, .. Postgres, .. NoTls, .. Files]).ShouldHaveSingleItem().ShouldContain("would not be used");
    }

    [Theory]
    [InlineData("im-1")]
    [InlineData("im-1:0")]
    [InlineData("im-1:70000")]
    [InlineData(":4053")]
    [InlineData("::1:4053")]
    [InlineData("akka.tcp://im@im-1:4053")]
    public void Should_refuse_a_seed_node_when_it_is_no_host_and_port(string seed)
    {
        OptionReaderSpecs.Errors([("Im:Cluster:SeedNodes:0", seed), .. Postgres, .. NoTls]).ShouldHaveSingleItem().ShouldContain($"Im:Cluster:SeedNodes:0 is \"{seed}\": expected host:port");
    }

    [Theory]
    [InlineData("IM-1.example.org:4053", "im-1.example.org", 4053)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:4053", "[::1]", 4053)]
    public void Should_read_host_and_port_of_a_seed_node(string text, string host, int port)
    {
        SeedNode.TryParse(text, out var seed).ShouldBeTrue();
        seed.ShouldBe(new SeedNode(host, port));
    }

    [Fact]
    public void Should_refuse_a_node_that_is_named_twice()
    {
        OptionReaderSpecs.Errors([("Im:Cluster:SeedNodes:0", "im-1:4053"), ("Im:Cluster:SeedNodes:1", "IM-1:4053"), .. Postgres, .. NoTls]).ShouldHaveSingleItem().ShouldContain("names im-1:4053 twice");
    }

    [Fact]
    public void Should_ask_for_a_name_when_remoting_listens_on_every_address()
    {
        (string, string)[] everywhere = [("Im:BindAddress", "0.0.0.0"), ("Im:Auth:AllowInsecureGuest", "true"), .. Seeds, .. Postgres, .. NoTls];

        OptionReaderSpecs.Errors(everywhere).ShouldHaveSingleItem().ShouldContain("set Im__Cluster__AdvertisedHost");
        Should.NotThrow(() => OptionReaderSpecs.Read([.. everywhere, ("Im:Cluster:AdvertisedHost", "im-1")]));
        Should.NotThrow(() => OptionReaderSpecs.Read([.. everywhere, ("Im:Cluster:BindAddress", "10.0.0.5")]));
    }

    [Fact]
    public void Should_keep_remoting_on_loopback_until_there_are_seed_nodes()
    {
        (string, string)[] bound = [("Im:BindAddress", "192.0.2.7"), ("Im:Auth:AllowInsecureGuest", "true")];

        NodePorts.RemotingAddress(OptionReaderSpecs.Read(bound)).ToString().ShouldBe("127.0.0.1");
        NodePorts.RemotingAddress(OptionReaderSpecs.Read([.. bound, .. Seeds, .. Postgres, .. NoTls])).ToString().ShouldBe("192.0.2.7");
        NodePorts.RemotingAddress(OptionReaderSpecs.Read([.. bound, .. Seeds, .. Postgres, .. NoTls, ("Im:Cluster:BindAddress", "192.0.2.8")])).ToString().ShouldBe("192.0.2.8");
    }
}
