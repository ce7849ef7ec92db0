using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Im.Tests.Support;

namespace Im.Tests.Deployment;

/// <summary>A real Prometheus with the files of <c>docker/observability</c>, as an operator starts it, that looks at one node and is in more of a hurry.</summary>
internal sealed partial class PrometheusProcess : IAsyncDisposable
{
    private const string Program = "prometheus";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly HttpClient _http;
    private readonly Process _process;

    private PrometheusProcess(Uri node, string apiKey)
    {
        var port = FreePort.Take(1)[0];
        var text = Repository.Read("docker/observability/prometheus.yml");
        text = Targets().Replace(text, string.Create(CultureInfo.InvariantCulture, $"targets: [\"{node.Authority}\"]"));
        text = Intervals().Replace(text, "_interval: 1s");
        File.WriteAllText(_directory.File("prometheus.yml"), text);
        File.WriteAllText(_directory.File("api-key"), apiKey);
        File.Copy(Repository.PathOf("docker/observability/alerts.yml"), _directory.File("alerts.yml"));
        _process = Process.Start(new ProcessStartInfo(Program,
            ["--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]) { WorkingDirectory = _directory.Path })!;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
    }

    /// <summary>Why a test that needs it cannot run here; null when it can.</summary>
    public static string? WhyNotRun =>
        Environment.GetEnvironmentVariable("IM_TESTS_ALL") == "1" || IsInstalled ? null : "Missing packages: prometheus. IM_TESTS_ALL=1 makes this a failure.";

    private static bool IsInstalled =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(path => File.Exists(Path.Combine(path, Program)));

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<PrometheusProcess> StartAsync(Uri node, string apiKey)
    {
        var prometheus = new PrometheusProcess(node, apiKey);
        await Until.TrueAsync(prometheus.AnswersAsync, patience: Bound);
        return prometheus;
    }

    /// <summary>The samples that a query finds now.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string query) =>
        [.. (await GetAsync($"query?query={Uri.EscapeDataString(query)}")).GetProperty("result").EnumerateArray()];

    /// <summary>The alert rules, each with its <c>name</c>, <c>health</c> and <c>state</c>.</summary>
    public async Task<IReadOnlyList<JsonElement>> RulesAsync() =>
        [.. (await GetAsync("rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Bound);
        _process.Dispose();
        _directory.Dispose();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return answer.IsSuccessStatusCode ? body.GetProperty("data") : throw new InvalidOperationException($"{path}: {body}");
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process.HasExited) throw new InvalidOperationException($"Prometheus ended with {_process.ExitCode}.");
        try
        {
            using var ready = await _http.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return ready.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"targets: \[.*\]")]
    private static partial Regex Targets();

    [GeneratedRegex("_interval: 10s")]
    private static partial Regex Intervals();
}

/// <summary>A test that starts Prometheus; where it is not installed it is reported as not run, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrometheusFactAttribute : Xunit.FactAttribute
{
    public PrometheusFactAttribute() => Skip = PrometheusProcess.WhyNotRun;
}
