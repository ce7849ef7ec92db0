using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Im.Cli.Text;
using Im.Protocol.Ingress.V1;

namespace Im.Cli.Nodes;

/// <summary>The operators' calls, over HTTP.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>A node waits two seconds for the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly HttpClient _http;
    private readonly Uri _api;

    public AdminClient(Uri api, string? key)
    {
        _api = api;
        _http = new HttpClient { Timeout = Patience };
        if (key is not null) _http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    /// <exception cref="AdminException">Refused or not answered.</exception>
    public Task<GetClusterResponse> GetClusterAsync(CancellationToken cancellation) => SendAsync<GetClusterResponse>(HttpMethod.Get, "/api/v1/cluster", null, cancellation);

    /// <exception cref="AdminException">Refused or not answered.</exception>
    public Task<DrainNodeResponse> DrainAsync(string node, bool restart, CancellationToken cancellation) =>
        SendAsync<DrainNodeResponse>(HttpMethod.Post, $"/api/v1/cluster/nodes/{Uri.EscapeDataString(node)}:drain", restart ? """{"restart":true}""" : "{}", cancellation);

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, string? json, CancellationToken cancellation)
        where T : IMessage, new()
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(_api, path));
            if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? Parser.Parse<T>(text) : throw new AdminException(Why(response.StatusCode, text), isAnswered: true);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException || (lost is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AdminException(Say.It($"{_api} does not answer: {lost.Message}", $"{_api} 无应答：{lost.Message}"), isAnswered: false);
        }
        catch (InvalidJsonException)
        {
            throw new AdminException(Say.It($"{_api} is no node of ImAkka.", $"{_api} 不是 ImAkka 节点。"), isAnswered: true);
        }
    }

    /// <summary>What the node says, or what its status means: a proxy in front answers these paths with a page of its own.</summary>
    private string Why(HttpStatusCode status, string text)
    {
        try
        {
            if (JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out var message)) return message.GetString() ?? "";
        }
        catch (JsonException)
        {
            // Not the node's own answer.
        }

        return status == HttpStatusCode.NotFound
            ? Say.It($"{_api} has no such path: name a node itself with --api, not the proxy in front of it.", $"{_api} 没有该路径：请用 --api 指定节点本身，而不是它前面的代理。")
            : $"{_api}: HTTP {(int)status}";
    }
}
