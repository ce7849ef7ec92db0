using System.Net.Sockets;
using System.Text;
using Im.Cli.Verify.Hosts;
using Im.Tests.Support;
using Xunit;

namespace Im.Tests.Deployment;

/// <summary>A real nginx with the files of <c>docker/nginx/im</c> in front of three upstreams that write down what they get.</summary>
public sealed class NginxHarness : IAsyncLifetime
{
    public static readonly string Files = Repository.PathOf("docker/nginx/im");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    internal IReadOnlyList<RecordingUpstream> Upstreams { get; } = [new(), new(), new()];

    internal NginxHost Nginx { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (HostNeeds.WhyNotRun() is not null) return;
        Nginx = NginxHost.Configure(_directory.Path, Files, [.. Upstreams.Select(upstream => new NodeEndPoint("127.0.0.1", upstream.Port, upstream.Port, upstream.Port))]);
        await Nginx.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (Nginx is not null) await Nginx.DisposeAsync();
        foreach (var upstream in Upstreams) await upstream.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>Every head that any upstream got.</summary>
    internal IReadOnlyList<string> Heads() => [.. Upstreams.SelectMany(upstream => upstream.Heads)];

    /// <summary>Sends a request as it stands and reads until the head of the answer is there.</summary>
    internal async Task<string> AskAsync(string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Nginx.Port, patience.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer, patience.Token) is > 0 and var count)
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        return answer.ToString();
    }

    internal async Task<int> StatusOfAsync(string request) => int.Parse((await AskAsync(request)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
}
