using System.Text;
using Im.Node.Configuration;
using Im.Tests.Support;

namespace Im.Tests.Clustering.Strangers;

/// <summary>
/// A small stream of requests over three nodes until it is stopped: a user of the first writes to one of the second, and each message has
/// its answer and arrives; a back end pushes to that user through the third, and each push is written.
/// </summary>
internal sealed class ClusterTraffic : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ChatSocket _alice;
    private readonly ChatSocket _bob;
    private Task<int>[] _streams = [];

    private ClusterTraffic(ChatSocket alice, ChatSocket bob)
    {
        _alice = alice;
        _bob = bob;
    }

    public static async Task<ClusterTraffic> StartAsync(ClusterProcesses cluster)
    {
        var (alice, bob) = ($"alice-{Guid.NewGuid():N}"[..12], $"bob-{Guid.NewGuid():N}"[..12]);
        var traffic = new ClusterTraffic(await LogInAsync(cluster[0], alice), await LogInAsync(cluster[1], bob));
        traffic._streams = [traffic.ChatAsync($"p:{alice}|{bob}"), traffic.PushAsync(cluster[2], bob)];
        return traffic;
    }

    /// <summary>Ends it after the requests under way.</summary>
    /// <returns>How many were answered; one that failed is thrown here.</returns>
    public async Task<int> StopAsync()
    {
        await _stopping.CancelAsync();
        return (await Task.WhenAll(_streams)).Sum();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_streams.Select(stream => stream.ContinueWith(static _ => { }, TaskScheduler.Default)));
        await _alice.DisposeAsync();
        await _bob.DisposeAsync();
        _http.Dispose();
        _stopping.Dispose();
    }

    private static async Task<ChatSocket> LogInAsync(NodeProcess node, string user)
    {
        var socket = await ChatSocket.ConnectAsync(new Uri(node.BannerLine("WebSocket")));
        await socket.SendAsync($$$"""{"seq":"login","cmd":"login","data":{"v":2,"userId":"{{{user}}}","appId":101,"device":"device-of-{{{user}}}","platform":"web"}}""");
        await socket.ReceiveUntilAsync(frame => IsAnswer(frame, "login"));
        return socket;
    }

    private async Task<int> ChatAsync(string conversation)
    {
        using var pace = new PeriodicTimer(Pace);
        var count = 0;
        for (; !_stopping.IsCancellationRequested; count++)
        {
            var text = $"message {count:000000}.";
            await _alice.SendAsync($$$"""{"seq":"s{{{count}}}","cmd":"msg","data":{"conv":"{{{conversation}}}","type":"text","msg":"{{{text}}}","cid":"c-{{{count}}}"}}""");
            await _alice.ReceiveUntilAsync(frame => IsAnswer(frame, $"s{count}"));
            await _bob.ReceiveUntilAsync(frame => frame.Contains(text, StringComparison.Ordinal));
            await pace.WaitForNextTickAsync();
        }

        return count;
    }

    private async Task<int> PushAsync(NodeProcess node, string user)
    {
        using var pace = new PeriodicTimer(Pace);
        var address = new Uri(new Uri(node.BannerLine("Health")), $"/api/v1/apps/101/users/{user}:push");
        _http.DefaultRequestHeaders.Add("x-api-key", SecretsFile.OpenOrCreate(node.DataDirectory).ApiKey);
        var count = 0;
        for (; !_stopping.IsCancellationRequested; count++)
        {
            using var body = new StringContent($$"""{"type":"text","msg":"push {{count}}","persist":false,"waitFor":"WRITTEN","timeoutMs":30000}""", Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(address, body);
            var text = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode || !text.Contains("\"state\":\"WRITTEN\"", StringComparison.Ordinal)) throw new InvalidOperationException($"Push {count}: {answer.StatusCode} {text}");
            await pace.WaitForNextTickAsync();
        }

        return count;
    }

    /// <summary>True for a good answer to this command; a bad one is thrown.</summary>
    private static bool IsAnswer(string frame, string seq)
    {
        if (!frame.Contains($"\"seq\":\"{seq}\"", StringComparison.Ordinal)) return false;
        return frame.Contains("\"code\":200", StringComparison.Ordinal) ? true : throw new InvalidOperationException(frame);
    }
}
