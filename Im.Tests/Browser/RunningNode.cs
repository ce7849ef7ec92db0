using System.Globalization;
using System.Net;

namespace Im.Tests.Browser;

/// <summary>A node that runs already, named by <c>IM_TESTS_PAGE</c> and <c>IM_TESTS_WEBSOCKET_PORT</c>.</summary>
internal sealed class RunningNode : IChatNode
{
    public Uri Page { get; } = new(Environment.GetEnvironmentVariable("IM_TESTS_PAGE") ?? "http://127.0.0.1:8080/");

    public IPEndPoint WebSocket { get; } = new(
        IPAddress.Loopback,
        int.Parse(Environment.GetEnvironmentVariable("IM_TESTS_WEBSOCKET_PORT") ?? "8089", CultureInfo.InvariantCulture));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;
}
