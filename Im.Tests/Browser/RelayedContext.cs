using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Im.Tests.Browser;

/// <summary>
/// Sends a context's WebSockets through a relay: the node's answers to the page and to <c>/config.json</c> are passed on
/// with the relay's port in place of the node's, so that the content security policy stays in force.
/// </summary>
internal static class RelayedContext
{
    private const string PolicyHeader = "content-security-policy";

    public static async Task RouteAsync(IBrowserContext context, IChatNode node, int relayPort)
    {
        var own = Port(node.WebSocket.Port);
        var relayed = Port(relayPort);

        // A page that comes from a test instead of a socket has no address, so the browser would ask before it lets it reach loopback.
        await context.GrantPermissionsAsync(["local-network-access"]);
        await context.RouteAsync("**/config.json", async route =>
        {
            var answer = await route.FetchAsync();
            var config = JsonNode.Parse(await answer.TextAsync())!;
            config["webSocketUrl"] = config["webSocketUrl"]!.GetValue<string>().Replace(own, relayed, StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Body = config.ToJsonString() });
        });
        await context.RouteAsync(url => new Uri(url).AbsolutePath is "/" or "/home/index", async route =>
        {
            var answer = await route.FetchAsync();
            var headers = new Dictionary<string, string>(answer.Headers);
            if (headers.TryGetValue(PolicyHeader, out var policy)) headers[PolicyHeader] = policy.Replace(own, relayed, StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = answer, Headers = headers });
        });
    }

    private static string Port(int port) => ":" + port.ToString(CultureInfo.InvariantCulture);
}
