using Im.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>A node with many apps, so that each test has a lobby of its own.</summary>
public sealed class Level0Node : IAsyncLifetime
{
    private const int AppsCount = 100;
    private const uint FirstApp = 1001;

    private static readonly string[] Apps =
        [.. ((uint[])[101, 102, 103, 104, .. Enumerable.Range(0, AppsCount).Select(static i => FirstApp + (uint)i)]).Select(static (app, i) => $"--Im:Apps:{i}={app}")];

    private readonly string[] _args;
    private readonly Action<WebApplicationBuilder>? _configure;
    private HttpClient? _http;
    private NodeFixture? _node;
    private uint _lastApp = FirstApp - 1;

    public Level0Node()
        : this([])
    {
    }

    internal Level0Node(params string[] args) => _args = args;

    /// <param name="configure">Changes services before the node is built.</param>
    internal Level0Node(Action<WebApplicationBuilder> configure, params string[] args)
        : this(args) => _configure = configure;

    public Uri WebSocket => _node!.WebSocket;

    public Uri Grpc => _node!.Grpc;

    internal NodeFixture Node => _node!;

    public async Task InitializeAsync()
    {
        _node = await NodeFixture.StartAsync(_configure, [.. Apps, .. _args]);
        _http = new HttpClient { BaseAddress = _node.Http, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        if (_node is not null) await _node.DisposeAsync();
    }

    /// <summary>An app that no other test of the class uses.</summary>
    public uint NextApp()
    {
        var app = Interlocked.Increment(ref _lastApp);
        return app < FirstApp + AppsCount ? app : throw new InvalidOperationException("More tests than apps.");
    }

    public Task<string> GetAsync(string path) => _http!.GetStringAsync(new Uri(path, UriKind.Relative));

    public async Task<string> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await _http!.PostAsync(new Uri(path, UriKind.Relative), form);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<IReadOnlyList<string>> UsersAsync(uint app)
    {
        using var json = System.Text.Json.JsonDocument.Parse(await GetAsync($"/user/list?appId={app}"));
        return [.. json.RootElement.GetProperty("data").GetProperty("userList").EnumerateArray().Select(static user => user.GetString()!)];
    }
}
