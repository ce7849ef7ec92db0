using System.Globalization;
using System.Net;
using Im.Cli.Verify.Hosts;
using Im.Tests.Security;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>
/// Control S17 through the door. nginx is not as strict as the node, and need not be: what it passes on it writes anew. So a node sees no
/// request in what was sent behind another, and each answer belongs to a request that both have seen.
/// </summary>
public sealed class NginxSmugglingSpecs(NginxHarness door) : IClassFixture<NginxHarness>, IAsyncLifetime
{
    /// <summary>The door keeps a connection for the next request.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly TemporaryDirectory _directory = new();
    private NodeFixture? _node;
    private NginxHost? _nginx;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var row in SmugglingCases.All.Concat(SmugglingCases.Lenient).Concat(SmugglingCases.Chunks)) cases.Add((string)row[0], (string)row[1]);
            return cases;
        }
    }

    public async Task InitializeAsync()
    {
        if (HostNeeds.WhyNotRun() is not null) return;
        _node = await NodeFixture.StartAsync();
        _nginx = NginxHost.Configure(_directory.Path, NginxHarness.Files, [new NodeEndPoint(IPAddress.Loopback.ToString(), _node.Http.Port, _node.WebSocket.Port, _node.Grpc.Port)]);
        await _nginx.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        if (_node is not null) await _node.DisposeAsync();
        _directory.Dispose();
    }

    [HostFact]
    public async Task Should_pass_on_no_headof_which_the_end_is_in_doubt()
    {
        foreach (var row in Cases)
        {
            var (name, request) = ((string)row[0], (string)row[1]);
            var before = door.Heads().Count;

            var answers = await RawExchange.AskAsync(door.Nginx.Port, request, Silence);

            var passed = door.Heads().Skip(before).ToList();
            foreach (var head in passed) ShouldBePlain(head, name);
            RawExchange.StatusesOf(answers).Count(status => status < 400).ShouldBeLessThanOrEqualTo(passed.Count, $"{name}: {answers}");
        }
    }

    /// <summary>The door never shows the operators' pages, so whoever gets one came past it.</summary>
    [HostFact]
    public async Task Should_answer_no_hidden_headwhen_a_node_is_behind_the_door()
    {
        foreach (var row in Cases)
        {
            var answers = await RawExchange.AskAsync(_nginx!.Port, (string)row[1], Silence);

            answers.ShouldNotContain("ready\n", customMessage: (string)row[0]);
        }
    }

    /// <summary>One way to read it: lines that end with CR LF, at most one length, and a body that is as long as that says.</summary>
    private static void ShouldBePlain(string request, string name)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (lines, body) = (request[..end].Split("\r\n"), request[(end + 4)..]);
        lines.ShouldAllBe(line => !line.Contains('\n') && !line.Contains('\r'), name);
        var lengths = lines.Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)).ToList();
        lengths.Count.ShouldBeLessThanOrEqualTo(1, name);
        body.Length.ShouldBe(lengths.Count == 0 ? 0 : int.Parse(lengths[0].Split(':')[1], CultureInfo.InvariantCulture), name);
    }
}
