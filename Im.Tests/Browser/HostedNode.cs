using System.Net;
using Im.Tests.Support;

namespace Im.Tests.Browser;

/// <summary>A node in this process, with its default options.</summary>
internal sealed class HostedNode : IChatNode
{
    private readonly NodeFixture _node = new();

    public Uri Page => _node.Http;

    public IPEndPoint WebSocket => new(IPAddress.Loopback, _node.WebSocket.Port);

    public Task InitializeAsync() => _node.InitializeAsync();

    public Task DisposeAsync() => _node.DisposeAsync();
}
