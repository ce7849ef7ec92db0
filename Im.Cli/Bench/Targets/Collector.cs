using System.Net.Http.Json;
using Im.Cli.Bench.Measure;
using Im.Cli.Text;

namespace Im.Cli.Bench.Targets;

/// <summary><c>POST …:collect</c>, answered by the node and by the SignalR peer in the same form.</summary>
internal sealed class Collector(HttpClient http, string path)
{
    /// <summary>What <c>diagnostics:collect</c> answers; more members are ignored.</summary>
    private sealed record Answer(long HeapBytes, long RssBytes, int Connections);

    /// <param name="process">When known, RSS is read from the kernel instead of the answer.</param>
    public async Task<MemorySample> CollectAsync(int? process, CancellationToken cancellation)
    {
        Answer answer;
        try
        {
            // The second collection takes what finalizers of the first have let go.
            await PostAsync(cancellation);
            answer = await PostAsync(cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw new BenchException(Say.It(
                $"POST {http.BaseAddress}{path} failed: {failure.Message} Give the key with --api-key (it is in data/secrets.json).",
                $"POST {http.BaseAddress}{path} 失败：{failure.Message} 请用 --api-key 指定密钥（见 data/secrets.json）。"));
        }
        var sockets = ProcessMemory.Sockets();
        return new MemorySample(
            answer.Connections,
            ProcessMemory.ResidentBytes(process) ?? answer.RssBytes,
            answer.HeapBytes,
            ProcessMemory.KernelSlabBytes(),
            sockets?.BufferBytes,
            sockets?.InUse);
    }

    private async Task<Answer> PostAsync(CancellationToken cancellation)
    {
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), null, cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Answer>(cancellation) ?? throw new HttpRequestException("empty answer");
    }
}
