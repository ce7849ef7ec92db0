using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Im.Cli.Verify.Facts;

namespace Im.Cli.Verify.Load;

/// <summary>
/// Pushes to inboxes over HTTP like a back end: with a key, repeated with the same key until there is an answer, and asks later what became of it.
/// Written on the JSON, so that it checks what is on the wire.
/// </summary>
internal sealed class InboxPusher(HttpClient http, uint app, Population population, FactBook book)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    /// <summary>Of google.rpc.Code.</summary>
    private const int Aborted = 10;

    private int _number;

    /// <summary>Why there are no pushes, when the node takes none.</summary>
    public string? Unavailable { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(7);
        try
        {
            while (Unavailable is null)
            {
                await Task.Delay(Pause, stop);
                await PushAsync(population.Users[random.Next(population.UserCount)], random.Next(3), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    /// <summary>One push to each inbox, with nothing behind it that would show that it was not handed out.</summary>
    public Task ProbeOnceAsync(CancellationToken cancellation) =>
        Unavailable is null ? Task.WhenAll(population.Users.Select(user => PushAsync(user, 0, cancellation))) : Task.CompletedTask;

    /// <summary>Asks once more about each push.</summary>
    public async Task AskAgainAsync(int max, CancellationToken cancellation)
    {
        foreach (var push in book.Pushes.ToArray().TakeLast(max))
        {
            using var response = await http.GetAsync(new Uri($"/api/v1/apps/{app}/deliveries/{push.Mid}", UriKind.Relative), cancellation);
            if (!response.IsSuccessStatusCode) return;
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            book.Pushes.Enqueue(push with { States = States(answer), AtMs = book.NowMs });
        }
    }

    private async Task PushAsync(string user, int wait, CancellationToken stop)
    {
        var number = Interlocked.Increment(ref _number);
        var sent = new SentFact("http", "system", number, "u:" + user, $"push-{number}", "push", $"push {number} 通知", 0, false, book.IsProbing);
        var body = new { msg = sent.Text, persist = true, idempotencyKey = sent.Cid, waitFor = wait switch { 0 => "STORED", 1 => "WRITTEN", _ => "ACKED" }, timeoutMs = 1000 };
        book.Begin(sent);
        // Beyond the stop: an answer is waited for, so that the outcome is known.
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var response = await http.PostAsJsonAsync(new Uri($"/api/v1/apps/{app}/users/{user}:push", UriKind.Relative), body, CancellationToken.None);
                if (response.IsSuccessStatusCode)
                {
                    Note(sent, user, await response.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None));
                    return;
                }
                if (await IsFinalAsync(response))
                {
                    Unavailable = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}";
                    sent.Code = (int)response.StatusCode;
                    book.End(sent, Outcome.Refused);
                    return;
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
            {
                // The node is down or was just killed: the same key again.
            }
            await Task.Delay(RetryPause, CancellationToken.None);
            if (attempt > 100) stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A refusal for good. ABORTED is none: the outcome is not known yet, and the same key finds out.</summary>
    private static async Task<bool> IsFinalAsync(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is < 400 or >= 500) return false;
        if (response.StatusCode != HttpStatusCode.Conflict) return true;
        var error = await response.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
        return error.GetProperty("code").GetInt32() != Aborted;
    }

    private void Note(SentFact sent, string user, JsonElement answer)
    {
        sent.Mid = Text(answer, "mid");
        sent.Epoch = Text(answer, "epoch");
        sent.Mseq = answer.TryGetProperty("mseq", out var mseq) ? mseq.ValueKind == JsonValueKind.String ? long.Parse(mseq.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : mseq.GetInt64() : 0;
        sent.IsDuplicate = answer.TryGetProperty("dup", out var dup) && dup.ValueKind == JsonValueKind.True;
        book.End(sent, Outcome.Acked);
        book.Pushes.Enqueue(new PushFact(user, sent.Cid, sent.Mid, sent.Mseq, States(answer), book.NowMs));
    }

    private static List<StateFact> States(JsonElement answer)
    {
        var states = new List<StateFact>();
        if (!answer.TryGetProperty("user", out var user) || user.ValueKind != JsonValueKind.Object) return states;
        states.Add(new StateFact("", Text(user, "state")));
        if (!user.TryGetProperty("devices", out var devices)) return states;
        foreach (var device in devices.EnumerateArray()) states.Add(new StateFact(Text(device, "device"), Text(device, "state")));
        return states;
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
