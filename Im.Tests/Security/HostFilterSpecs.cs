using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Node.Security;
using Im.Tests.Compat;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class HostFilterSpecs
{
    [Theory]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:1234", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    [InlineData("im.example.org", HttpStatusCode.OK)]
    [InlineData("node-1.internal:8080", HttpStatusCode.OK)]
    [InlineData("example.org", HttpStatusCode.MisdirectedRequest)]
    [InlineData("x.im.example.org", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.2", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.1", HttpStatusCode.MisdirectedRequest)]
    [InlineData("0.0.0.0", HttpStatusCode.MisdirectedRequest)]
    [InlineData("[::2]", HttpStatusCode.MisdirectedRequest)]
    public async Task Should_serve_known_names_alone_when_called(string host, HttpStatusCode status)
    {
        await using var node = await CompatHost.StartAsync(
            security: new SecuritySettings { PublicUrl = new Uri("wss://im.example.org/acc"), AdvertisedHost = "node-1.internal" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/user/list") { Headers = { Host = host } };
        using var response = await node.Client.SendAsync(request);

        response.StatusCode.ShouldBe(status);
    }

    [Theory]
    [InlineData("/missing.js")]
    [InlineData("/chat.js")]
    [InlineData("/")]
    public async Task Should_refuse_files_too_when_the_host_is_not_ours(string path)
    {
        await using var node = await CompatHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };
        using var response = await node.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
        RouteControls.ShouldCarryHeaders(response, path);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("evil");
    }

    [Fact]
    public async Task Should_refuse_when_there_is_no_host_at_all()
    {
        await using var node = await CompatHost.StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, node.Http.Port);
        await socket.GetStream().WriteAsync("GET /user/list HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(socket.GetStream(), Encoding.ASCII);

        (await reader.ReadLineAsync())!.ShouldContain(" 421 ");
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("*")]
    public void Should_know_the_machines_addresses_when_bound_to_all(string bind)
    {
        var hosts = new KnownHosts(new SecuritySettings { BindAddress = bind });

        foreach (var address in Dns.GetHostAddresses(Dns.GetHostName()).Where(static address => address.AddressFamily == AddressFamily.InterNetwork))
            hosts.Contains(address.ToString()).ShouldBeTrue(address.ToString());
        hosts.Contains("0.0.0.0").ShouldBeFalse();
        hosts.Contains("203.0.113.7").ShouldBeFalse();
    }

    [Theory]
    [InlineData("192.0.2.5", "192.0.2.5")]
    [InlineData("2001:db8::5", "[2001:db8::5]")]
    public void Should_know_the_bound_address_when_it_is_one(string bind, string host) =>
        new KnownHosts(new SecuritySettings { BindAddress = bind }).Contains(host).ShouldBeTrue();
}
