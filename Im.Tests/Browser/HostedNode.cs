using System.Net;
using Im.Tests.Support;

namespace Im.Tests.Browser;

/// <summary>A node in this process, with its default options but for one app: a user of <see cref="SingleApp"/> has one connection.</summary>
internal sealed class HostedNode : IChatNode
{
    public const string SingleApp = "104";

    private NodeFixture _node = null!;

    public Uri Page => _node.Http;

    public IPEndPoint WebSocket => new(IPAddress.Loopback, _node.WebSocket.Port);

    public async Task InitializeAsync() => _node = await NodeFixture.StartAsync($"--Im:AppPolicies:{SingleApp}:Devices=single");

    public Task DisposeAsync() => _node.DisposeAsync();
}
