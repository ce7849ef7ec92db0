using Im.Node.Security;
using Shouldly;
using Xunit;

namespace Im.Tests.Security;

public sealed class OriginPolicySpecs
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("https://127.0.0.1:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("HTTP://LOCALHOST:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://192.0.2.5:8080")]
    [InlineData("https://im.example.org")]
    [InlineData("http://im.example.org")]
    [InlineData("http://im.example.org:8080")]
    [InlineData("https://im.example.org:9443")]
    [InlineData("https://partner.example")]
    [InlineData("https://partner.example:8443")]
    public void Should_allow_when_the_page_is_ours_or_configured(string origin) => Policy().Allows(origin, "127.0.0.1:8089").ShouldBeTrue();

    [Theory]
    [InlineData("http://127.0.0.1:8081")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.2:8080")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://localhost.evil.example:8080")]
    [InlineData("http://192.0.2.6:8080")]
    [InlineData("https://im.example.org:444")]
    [InlineData("https://evil.im.example.org")]
    [InlineData("https://im.example.org.evil.example")]
    [InlineData("http://partner.example")]
    [InlineData("https://partner.example:8444")]
    [InlineData("https://partner.example/")]
    [InlineData("https://x.partner.example")]
    [InlineData("null")]
    [InlineData("file://")]
    [InlineData("chrome-extension://abcdef")]
    [InlineData("ws://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("http://127.0.0.1:8080?x")]
    [InlineData("http://127.0.0.1:8080#x")]
    [InlineData("http://user@127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:8080, https://evil.example")]
    [InlineData("//127.0.0.1:8080")]
    [InlineData("*")]
    [InlineData(" ")]
    public void Should_refuse_when_the_page_is_another_sites(string origin) => Policy().Allows(origin, "127.0.0.1:8089").ShouldBeFalse();

    [Theory]
    [InlineData("http://localhost", "localhost", true)]
    [InlineData("http://localhost:9000", "localhost:9000", true)]
    [InlineData("https://im.example.org", "im.example.org", true)]
    [InlineData("https://localhost", "localhost", true)]
    [InlineData("http://localhost:9001", "localhost:9000", false)]
    [InlineData("http://evil.example", "evil.example", false)]
    [InlineData("http://evil.example:8080", "evil.example:8080", false)]
    [InlineData("http://evil.example:8080", null, false)]
    [InlineData("http://localhost:9000", "localhost:abc", false)]
    public void Should_allow_the_same_origin_only_when_the_host_is_a_known_name(string origin, string? host, bool allowed) =>
        Policy().Allows(origin, host).ShouldBe(allowed);

    [Theory]
    [InlineData(null, false, true)]
    [InlineData("", false, true)]
    [InlineData(null, true, false)]
    [InlineData("", true, false)]
    public void Should_refuse_programs_only_when_an_origin_is_required(string? origin, bool required, bool allowed) =>
        Policy(new SecuritySettings { RequireOrigin = required }).Allows(origin, "127.0.0.1:8089").ShouldBe(allowed);

    [Fact]
    public void Should_follow_the_port_that_was_bound_when_it_was_free_to_choose()
    {
        var ports = new BoundPorts();
        var settings = new SecuritySettings();
        var policy = new OriginPolicy(settings, new KnownHosts(settings), ports);

        ports.Http = 43210;

        policy.Allows("http://127.0.0.1:43210", "127.0.0.1:8089").ShouldBeTrue();
        policy.Allows("http://127.0.0.1:8080", "127.0.0.1:8089").ShouldBeFalse();
    }

    private static OriginPolicy Policy() => Policy(new SecuritySettings
    {
        BindAddress = "192.0.2.5",
        PublicUrl = new Uri("wss://im.example.org:9443/acc"),
        AllowedOrigins = ["https://partner.example", "https://partner.example:8443"],
    });

    private static OriginPolicy Policy(SecuritySettings settings) => new(settings, new KnownHosts(settings), new BoundPorts { Http = 8080, WebSocket = 8089 });
}
