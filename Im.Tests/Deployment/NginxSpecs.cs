using System.Globalization;
using System.Text.RegularExpressions;
using Im.Cli.Verify.Hosts;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>What the door passes on, to whom, and what it keeps out.</summary>
public sealed partial class NginxSpecs : IAsyncLifetime
{
    private readonly NginxHarness _door = new();

    public Task InitializeAsync() => _door.InitializeAsync();

    public Task DisposeAsync() => _door.DisposeAsync();

    [HostFact]
    public async Task Should_accept_the_configuration_of_the_containers()
    {
        using var copy = new TemporaryDirectory();
        Directory.CreateDirectory(copy.File("im"));
        foreach (var file in Directory.EnumerateFiles(NginxHarness.Files)) File.Copy(file, copy.File($"im/{Path.GetFileName(file)}"));
        // The names of the nodes are known in the network of the containers only.
        var upstreams = await File.ReadAllTextAsync(copy.File("im/upstreams.conf"));
        await File.WriteAllTextAsync(copy.File("im/upstreams.conf"), NodeName().Replace(upstreams, "127.0.0.1:"));
        var main = await File.ReadAllTextAsync(Repository.PathOf("docker/nginx/nginx.conf"));
        await File.WriteAllTextAsync(copy.File("nginx.conf"), main.Replace("/tmp/nginx.pid", copy.File("nginx.pid"), StringComparison.Ordinal));

        var (code, output) = await HostCommand.TryAsync(HostPrograms.Nginx, "-p", copy.Path, "-c", copy.File("nginx.conf"), "-t");

        code.ShouldBe(0, output);
        output.ShouldNotContain("[warn]");
    }

    [HostTheory]
    [InlineData("Upgrade")]
    [InlineData("keep-alive, Upgrade")]
    public async Task Should_ask_for_the_upgrade_once_when_a_client_does(string connection)
    {
        await _door.AskAsync(Get("/acc", $"Upgrade: websocket\r\nConnection: {connection}\r\n"));

        var head = _door.Heads().ShouldHaveSingleItem();
        Values(head, "Connection").ShouldBe(["upgrade"]);
        Values(head, "Upgrade").ShouldBe(["websocket"]);
    }

    [HostTheory]
    [InlineData("/", "websocket")]
    [InlineData("/", "h2c")]
    [InlineData("/acc", "h2c")]
    public async Task Should_not_pass_on_any_other_upgrade(string path, string protocol)
    {
        await _door.AskAsync(Get(path, $"Upgrade: {protocol}\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n"));

        Values(_door.Heads().ShouldHaveSingleItem(), "Upgrade").ShouldBeEmpty();
    }

    [HostTheory]
    [InlineData("/acc")]
    [InlineData("/user/list")]
    public async Task Should_pass_on_the_host_and_the_address_of_the_client(string path)
    {
        await _door.AskAsync(Get(path, "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: gopher\r\n"));

        var head = _door.Heads().ShouldHaveSingleItem();
        Values(head, "Host").ShouldBe(["chat.example.org:81"]);
        Values(head, "X-Forwarded-For").ShouldBe(["6.6.6.6, 127.0.0.1"]);
        Values(head, "X-Forwarded-Proto").ShouldBe(["http"]);
    }

    [HostTheory]
    [InlineData("/metrics")]
    [InlineData("/METRICS")]
    [InlineData("/metrics/")]
    [InlineData("/%6detrics")]
    [InlineData("//metrics")]
    [InlineData("/a/../metrics?x=1")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/system/state?isDebug=true")]
    [InlineData("/api/v1/cluster")]
    [InlineData("/api/v1/cluster/nodes/one:drain")]
    [InlineData("/api/v1/diagnostics:collect")]
    [InlineData("/API/V1/diagnostics%3Acollect")]
    public async Task Should_keep_out_what_is_for_operators(string path)
    {
        (await _door.StatusOfAsync(Get(path, ""))).ShouldBe(404);
        _door.Heads().ShouldBeEmpty();
    }

    [HostTheory]
    [InlineData("/")]
    [InlineData("/docs")]
    [InlineData("/metricsandmore")]
    [InlineData("/api/v1/apps/101/users/system:push")]
    public async Task Should_pass_on_everything_else(string path)
    {
        (await _door.StatusOfAsync(Get(path, ""))).ShouldBe(200);
        _door.Heads().ShouldHaveSingleItem().ShouldStartWith($"GET {path} HTTP/1.1");
    }

    [HostTheory]
    [InlineData("GET", "/acc")]
    [InlineData("GET", "/")]
    [InlineData("POST", "/user/sendMessage")]
    public async Task Should_take_the_next_node_when_one_refuses_connections(string method, string path)
    {
        await _door.Upstreams[0].DisposeAsync();
        await _door.Upstreams[2].DisposeAsync();

        for (var i = 0; i < 6; i++) (await _door.StatusOfAsync(Request(method, path, "Content-Length: 0\r\n"))).ShouldBe(200);

        _door.Upstreams[1].Heads.Count.ShouldBe(6);
    }

    [HostFact]
    public async Task Should_take_the_next_node_for_a_client_when_one_drains()
    {
        _door.Upstreams[0].Answer = _door.Upstreams[1].Answer = RecordingUpstream.Unavailable;

        for (var i = 0; i < 6; i++) (await _door.StatusOfAsync(Get("/acc", "Upgrade: websocket\r\nConnection: Upgrade\r\n"))).ShouldBe(200);

        _door.Upstreams[2].Heads.Count.ShouldBe(6);
    }

    [HostFact]
    public async Task Should_have_every_node_for_clients_as_soon_as_it_serves_again()
    {
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Unavailable;
        (await _door.StatusOfAsync(Get("/acc", "Upgrade: websocket\r\nConnection: Upgrade\r\n"))).ShouldBe(503);
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Switching;

        for (var i = 0; i < 6; i++) (await _door.StatusOfAsync(Get("/acc", "Upgrade: websocket\r\nConnection: Upgrade\r\n"))).ShouldBe(101);

        _door.Heads().Count.ShouldBe(9, "three refusals, and nobody was asked in vain since");
    }

    [HostFact]
    public async Task Should_send_no_client_to_a_node_that_accepts_connections_and_says_nothing()
    {
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Switching;
        _door.Upstreams[1].Answer = RecordingUpstream.Silence;

        var statuses = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _door.StatusOfAsync(Get("/acc", "Upgrade: websocket\r\nConnection: Upgrade\r\n"))));

        statuses.ShouldAllBe(status => status == 101);
        _door.Upstreams[1].Questions.ShouldNotBeEmpty();
        _door.Upstreams[1].Heads.ShouldBeEmpty();
    }

    [HostFact]
    public async Task Should_ask_with_nothing_of_the_client_s_in_the_question()
    {
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Switching;

        (await _door.StatusOfAsync(Get("/acc?token=secret", "Upgrade: websocket\r\nConnection: Upgrade\r\nCookie: a=b\r\n"))).ShouldBe(101);

        _door.Heads().ShouldHaveSingleItem().ShouldStartWith("GET /acc?token=secret HTTP/1.1");
        var question = _door.Upstreams.SelectMany(upstream => upstream.Questions).ShouldHaveSingleItem();
        question.ShouldBe("GET /readyz HTTP/1.1\r\nHost: chat.example.org:81\r\nConnection: close\r\n\r\n");
    }

    [HostFact]
    public async Task Should_keep_its_own_question_from_clients()
    {
        (await _door.StatusOfAsync(Get("/im-door", ""))).ShouldBe(404);
        _door.Heads().ShouldBeEmpty();
    }

    [HostFact]
    public async Task Should_pass_the_node_s_answer_on_when_it_refuses_a_call()
    {
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Unavailable;

        for (var i = 0; i < 4; i++) (await _door.StatusOfAsync(Get("/api/v1/apps/101/users", ""))).ShouldBe(503);
    }

    [HostFact]
    public async Task Should_not_send_a_push_twice_when_the_node_ends_in_the_middle()
    {
        foreach (var upstream in _door.Upstreams) upstream.Answer = RecordingUpstream.Reset;

        (await _door.StatusOfAsync(Request("POST", "/api/v1/apps/101/users/a:push", "Content-Length: 0\r\n"))).ShouldBe(502);

        _door.Heads().Count.ShouldBe(1);
    }

    [Fact]
    public void Should_outlast_the_silence_that_a_node_allows()
    {
        foreach (var location in new[] { "location = /acc {", "location @im-any {" })
        {
            var text = Repository.Read("docker/nginx/im/chat.conf").Split(location)[1].Split('}')[0];
            var seconds = int.Parse(ReadTimeout().Match(text).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

            TimeSpan.FromSeconds(seconds).ShouldBeGreaterThan(new Im.Node.Configuration.WebSocketListenerOptions().SilenceTimeout);
            TimeSpan.FromSeconds(seconds).ShouldBeGreaterThan(new Im.Node.Configuration.WebSocketListenerOptions().HeartbeatTimeout);
        }
    }

    private static string Get(string path, string headers) => Request("GET", path, headers);

    private static string Request(string method, string path, string headers) => $"{method} {path} HTTP/1.1\r\nHost: chat.example.org:81\r\n{headers}\r\n";

    private static IEnumerable<string> Values(string head, string name) =>
        head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2)).Where(pair => pair.Length == 2 && pair[0].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(pair => pair[1]);

    [GeneratedRegex(@"node\d:")]
    private static partial Regex NodeName();

    [GeneratedRegex(@"proxy_read_timeout\s+(\d+)s;")]
    private static partial Regex ReadTimeout();
}
