using System.Net;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Im.Client.Engine;

namespace Im.Client.Push;

/// <summary>Posts proto3 JSON and repeats what failed for a while.</summary>
internal sealed class PushTransport
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));
    private readonly ImPushClientOptions _options;
    private readonly TimeProvider _time;

    public PushTransport(HttpClient http, ImPushClientOptions options, TimeProvider time)
    {
        Http = http;
        _options = options;
        _time = time;
        if ((options.Address ?? http.BaseAddress) is not { } address) throw new ArgumentException("An address is needed.", nameof(options));
        Address = address;
    }

    public HttpClient Http { get; }

    private Uri Address { get; }

    /// <param name="isRepeatable">The call carries a key, or changes nothing: it is repeated even when its outcome is unknown.</param>
    public async Task<T> PostAsync<T>(string path, IMessage body, bool isRepeatable, CancellationToken cancellation)
        where T : IMessage, new()
    {
        var json = JsonFormatter.Default.Format(body);
        for (var attempt = 1; ; attempt++)
        {
            ImPushException failure;
            TimeSpan? wanted = null;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path)) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
                if (_options.ApiKey is { } key) request.Headers.Add("x-api-key", key);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(_options.AttemptTimeout);
                using var response = await Http.SendAsync(request, limit.Token).ConfigureAwait(false);
                var text = await response.Content.ReadAsStringAsync(limit.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode) return Parser.Parse<T>(text);
                failure = Refusal(response.StatusCode, text);
                wanted = response.Headers.RetryAfter?.Delta;
            }
            catch (Exception lost) when (!cancellation.IsCancellationRequested && lost is HttpRequestException or OperationCanceledException or IOException)
            {
                failure = new ImPushException(null, null, $"{Address}: {lost.Message}", [], lost);
            }
            var isUnsent = failure.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
            if (!failure.IsTemporary || attempt >= _options.MaxAttempts || (!isRepeatable && !isUnsent)) throw failure;
            await Task.Delay(Pause(attempt, wanted), _time, cancellation).ConfigureAwait(false);
        }
    }

    private TimeSpan Pause(int attempt, TimeSpan? wanted)
    {
        var bound = Math.Min(_options.MaxPause.TotalMilliseconds, _options.FirstPause.TotalMilliseconds * Math.Pow(2, attempt - 1));
        var pause = TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * bound);
        return wanted is { } told && told > pause ? (told < _options.MaxPause ? told : _options.MaxPause) : pause;
    }

    /// <summary>google.rpc.Status as JSON; a proxy may answer anything else.</summary>
    private static ImPushException Refusal(HttpStatusCode status, string text)
    {
        try
        {
            var error = JsonElement.Parse(text);
            var violations = error.Entries("details").SelectMany(detail => detail.Entries("fieldViolations"))
                .Select(violation => $"{violation.Text("field")}: {violation.Text("description")}");
            return new ImPushException(status, (int?)error.Number("code"), error.Text("message") ?? $"HTTP {(int)status}", [.. violations]);
        }
        catch (JsonException)
        {
            return new ImPushException(status, null, $"HTTP {(int)status}", []);
        }
    }
}
