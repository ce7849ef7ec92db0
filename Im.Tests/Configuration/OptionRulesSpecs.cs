using Im.Node.Configuration;
using Shouldly;
using Xunit;

namespace Im.Tests.Configuration;

public sealed class OptionRulesSpecs
{
    [Theory]
    [InlineData("Im:Storage:Provider", "postgres", "Im:Storage:ConnectionString is not set: set Im__Storage__ConnectionString to Host=db")]
    [InlineData("Im:Storage:ConnectionString", "Host=db", "set Im__Storage__Provider=postgres, or remove Im__Storage__ConnectionString")]
    [InlineData("Im:BindAddress", "somewhere", "Im:BindAddress is \"somewhere\": expected an IP address")]
    [InlineData("Im:BindAddress", "0.0.0.0", "Im__Auth__AllowInsecureGuest=true")]
    [InlineData("Im:BindAddress", "::", "Im__Auth__AllowInsecureGuest=true")]
    [InlineData("Im:BindAddress", "192.0.2.7", "in guest mode")]
    [InlineData("Im:DataDirectory", " ", "Im:DataDirectory is empty")]
    [InlineData("Im:Grpc:Port", "8080", "Im:Http:Port and Im:Grpc:Port are all 8080")]
    [InlineData("Im:Metrics:Port", "4053", "Im:Cluster:Port and Im:Metrics:Port are all 4053")]
    [InlineData("Im:Cluster:AdvertisedHost", "a b", "Im:Cluster:AdvertisedHost is \"a b\"")]
    [InlineData("Im:Http:EmbeddingOrigins:0", "*", "Im:Http:EmbeddingOrigins:0 is \"*\": expected scheme, host and port only")]
    [InlineData("Im:Http:EmbeddingOrigins:0", "https://a.example/x", "Im:Http:EmbeddingOrigins:0 is \"https://a.example/x\": expected scheme, host and port only")]
    [InlineData("Im:KnownProxies:0", "proxy", "Im:KnownProxies:0 is \"proxy\": expected an IP address or a network")]
    [InlineData("Im:Apps:0", "0", "Im:Apps contains 0")]
    [InlineData("Im:WebSocket:TextMaxBytes", "70000", "above Im:WebSocket:MessageMaxBytes 65536")]
    [InlineData("Im:WebSocket:OutboundMaxBytes", "5000", "below Im:WebSocket:MessageMaxBytes 65536")]
    [InlineData("Im:WebSocket:HeartbeatTimeout", "00:00:30", "not longer than Im:WebSocket:HeartbeatInterval")]
    [InlineData("Im:WebSocket:AllowedOrigins:0", "chat.example.org", "Im:WebSocket:AllowedOrigins:0 is \"chat.example.org\"")]
    [InlineData("Im:WebSocket:AllowedOrigins:0", "https://chat.example.org/", "expected scheme, host and port only")]
    [InlineData("Im:WebSocket:AllowedOrigins:0", "*", "expected scheme, host and port only")]
    [InlineData("Im:WebSocket:PublicUrl", "https://chat.example.org/acc", "expected a ws:// or wss:// URL")]
    [InlineData("Im:WebSocket:SubProtocols:0", "a b", "Im:WebSocket:SubProtocols:0 is \"a b\": expected a token")]
    public void Should_refuse_when_a_rule_is_broken(string key, string value, string expected)
    {
        OptionReaderSpecs.Errors((key, value)).ShouldHaveSingleItem().ShouldContain(expected);
    }

    [Fact]
    public void Should_refuse_a_text_that_no_message_between_nodes_could_carry() =>
        OptionReaderSpecs.Errors(("Im:WebSocket:MessageMaxBytes", "131072"), ("Im:WebSocket:TextMaxBytes", "70000")).ShouldHaveSingleItem().ShouldContain("above the 65536 that a message between nodes carries");

    [Theory]
    [InlineData("Im:BindAddress", "::1")]
    [InlineData("Im:BindAddress", "127.0.0.5")]
    [InlineData("Im:Grpc:Port", "0")]
    [InlineData("Im:KnownProxies:0", "10.0.0.0/8")]
    [InlineData("Im:KnownProxies:0", "192.0.2.1")]
    [InlineData("Im:WebSocket:AllowedOrigins:0", "https://chat.example.org")]
    [InlineData("Im:WebSocket:AllowedOrigins:0", "http://chat.example.org:8443")]
    [InlineData("Im:WebSocket:PublicUrl", "wss://chat.example.org/acc")]
    [InlineData("Im:WebSocket:SubProtocols:0", "im.v2+json")]
    [InlineData("Im:Cluster:AdvertisedHost", "node-1.example.org")]
    public void Should_accept_when_the_value_is_good(string key, string value)
    {
        Should.NotThrow(() => OptionReaderSpecs.Read((key, value)));
    }

    [Fact]
    public void Should_accept_two_free_ports_when_both_are_0()
    {
        Should.NotThrow(() => OptionReaderSpecs.Read(("Im:Grpc:Port", "0"), ("Im:Http:Port", "0")));
    }

    [Fact]
    public void Should_accept_another_address_when_insecure_guest_is_meant()
    {
        OptionReaderSpecs.Read(("Im:BindAddress", "0.0.0.0"), ("Im:Auth:AllowInsecureGuest", "true")).BindAddress.ShouldBe("0.0.0.0");
    }

    [Fact]
    public void Should_refuse_api_keys_when_id_or_hash_is_unusable()
    {
        var errors = OptionReaderSpecs.Errors(("Im:Ingress:ApiKeys:0:Hash", "secret"));

        errors.Count.ShouldBe(2);
        errors.ShouldAllBe(error => !error.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_hand_every_bound_to_the_connections_when_mapped()
    {
        var limits = new WebSocketListenerOptions().ToConnectionLimits();

        limits.ShouldBe(new Im.Actors.Connections.ConnectionLimits());
    }

    [Fact]
    public void Should_stay_below_the_file_limit_when_more_connections_are_configured()
    {
        var options = new WebSocketListenerOptions { MaxConnectionsCount = 10_000_000 };

        options.EffectiveMaxConnectionsCount().ShouldBeLessThanOrEqualTo((int)Math.Min(10_000_000, FileLimit.Current() - FileLimit.Reserve));
    }

    [Theory]
    [InlineData("Key", "c2hvcnQ=", "Im:Auth:Jwt:Key is not base64 of at least 32 bytes: set Im__Auth__Jwt__Key to the output of: openssl rand -base64 32")]
    [InlineData("Key", "a secret that is no base64 but rather long", "Im:Auth:Jwt:Key is not base64")]
    [InlineData("PreviousKey", "", "Im:Auth:Jwt:PreviousKey is not base64")]
    [InlineData("JwksUrl", "login.example.org", "Im:Auth:Jwt:JwksUrl is no https:// URL")]
    [InlineData("JwksUrl", "file:///etc/passwd", "Im:Auth:Jwt:JwksUrl is no https:// URL")]
    [InlineData("JwksUrl", "https://user:secret@login.example.org/jwks.json", "Im:Auth:Jwt:JwksUrl is no https:// URL")]
    [InlineData("JwksUrl", "http://login.example.org/jwks.json", "use https; http is for loopback only")]
    [InlineData("JwksUrl", "http://127.0.0.1.example.org/jwks.json", "use https; http is for loopback only")]
    public void Should_refuse_without_showing_a_secret_when_a_token_setting_is_unusable(string name, string value, string expected)
    {
        var error = OptionReaderSpecs.Errors(("Im:Auth:Mode", "jwt"), ($"Im:Auth:Jwt:{name}", value)).ShouldHaveSingleItem();

        error.ShouldContain(expected);
        error.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("JwksUrl", "https://login.example.org/jwks.json")]
    [InlineData("JwksUrl", "http://127.0.0.1:8081/jwks.json")]
    [InlineData("JwksUrl", "http://[::1]/jwks.json")]
    [InlineData("JwksUrl", "http://localhost/jwks.json")]
    [InlineData("Key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Issuer", "https://login.example.org")]
    public void Should_accept_when_a_token_setting_is_good(string name, string value)
    {
        Should.NotThrow(() => OptionReaderSpecs.Read(("Im:Auth:Mode", "jwt"), ("Im:BindAddress", "0.0.0.0"), ($"Im:Auth:Jwt:{name}", value)));
    }

    [Fact]
    public void Should_refuse_when_a_key_and_an_issuers_keys_are_both_set()
    {
        OptionReaderSpecs.Errors(("Im:Auth:Mode", "jwt"), ("Im:Auth:Jwt:Key", new string('A', 44)), ("Im:Auth:Jwt:JwksUrl", "https://a/jwks")).ShouldHaveSingleItem().ShouldContain("are both set");
    }

    [Fact]
    public void Should_refuse_when_tokens_are_set_up_but_not_asked_for()
    {
        OptionReaderSpecs.Errors(("Im:Auth:Jwt:Issuer", "login")).ShouldHaveSingleItem().ShouldContain("Im:Auth:Mode is guest, where no token is asked for");
    }

    [Fact]
    public void Should_refuse_a_policy_of_an_app_that_does_not_exist()
    {
        OptionReaderSpecs.Errors(("Im:AppPolicies:7:Devices", "single")).ShouldHaveSingleItem().ShouldContain("Im:AppPolicies:7 is a policy of an app that nobody can log in to");
    }

    [Theory]
    [InlineData(nameof(AuthMode.Guest), null, 0)]
    [InlineData(nameof(AuthMode.Jwt), null, 10_000)]
    [InlineData(nameof(AuthMode.Jwt), "00:00:00", 0)]
    [InlineData(nameof(AuthMode.Guest), "00:00:03", 3_000)]
    public void Should_give_ten_seconds_to_log_in_when_tokens_are_asked_for_and_nothing_else_is_set(string mode, string? timeout, int expectedMs)
    {
        var options = new WebSocketListenerOptions { LoginTimeout = timeout is null ? null : TimeSpan.Parse(timeout, null) };

        options.ToConnectionLimits(Enum.Parse<AuthMode>(mode)).LoginTimeoutMs.ShouldBe(expectedMs);
    }
}
