using System.Net;
using Im.Cli.Token;
using Im.Node.Configuration;
using Im.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Tests.Browser;

/// <summary>A node in this process, with its default options but for one app: a user of <see cref="SingleApp"/> has one connection.</summary>
internal sealed class HostedNode(params string[] args) : IChatNode
{
    public const string SingleApp = "104";

    private NodeFixture _node = null!;

    public Uri Page => _node.Http;

    public IPEndPoint WebSocket => new(IPAddress.Loopback, _node.WebSocket.Port);

    public async Task InitializeAsync() => _node = await NodeFixture.StartAsync([$"--Im:AppPolicies:{SingleApp}:Devices=single", .. args]);

    /// <summary>A token of this node's key, good for an hour.</summary>
    public string TokenOf(string user) =>
        TokenWriter.Sign(new TokenClaims(user, null, null, null), Convert.FromBase64String(_node.Services.GetRequiredService<NodeSecrets>().JwtKey), DateTimeOffset.UtcNow, TimeSpan.FromHours(1));

    public Task DisposeAsync() => _node.DisposeAsync();
}
