using System.Net.Http.Json;
using System.Text.Json;

namespace Im.Cli.Verify.Cluster;

/// <summary>Which devices have their connection on one node, as its server API tells.</summary>
/// <param name="node">The node's own HTTP interface.</param>
/// <param name="apiKey">With the scopes <c>admin</c> and <c>presence</c>.</param>
internal sealed class NodeConnections(HttpClient node, string apiKey, uint app)
{
    /// <summary>The devices of these users whose connection is on that node now; each user is expected to have fewer than a hundred.</summary>
    /// <exception cref="HttpRequestException">It did not answer, or refused.</exception>
    public async Task<IReadOnlySet<string>> DevicesOfAsync(IEnumerable<string> users, CancellationToken cancellation)
    {
        var name = await NameAsync(cancellation);
        var connections = await Task.WhenAll(users.Select(user => AskAsync($"/api/v1/apps/{app}/users/{Uri.EscapeDataString(user)}/connections", cancellation)));
        return connections
            .SelectMany(answer => answer.GetProperty("connections").EnumerateArray())
            .Where(connection => connection.GetProperty("node").GetString() == name)
            .Select(connection => connection.GetProperty("device").GetString() ?? "")
            .ToHashSet();
    }

    /// <summary>Its name in connection ids, which is new with every start.</summary>
    private async Task<string?> NameAsync(CancellationToken cancellation)
    {
        var cluster = await AskAsync("/api/v1/cluster", cancellation);
        var asked = cluster.GetProperty("asked").GetString();
        return cluster.GetProperty("nodes").EnumerateArray().First(member => member.GetProperty("address").GetString() == asked).GetProperty("node").GetString();
    }

    private async Task<JsonElement> AskAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative)) { Headers = { { "x-api-key", apiKey } } };
        using var response = await node.SendAsync(request, cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }
}
