using System.Text.Json;
using Im.Cli.Bench.Measure;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients.Processes;

/// <summary>The first line to a client process: what its connections are.</summary>
/// <param name="Level">0 or 2.</param>
/// <param name="Run">Keeps its users apart from those of other processes and runs.</param>
internal sealed record CrowdSettings(IReadOnlyList<Uri> Urls, int Addresses, int Level, uint App, string Room, string Run, int Count, int Threads)
{
    /// <summary>Base64 of what signs the clients' tokens; null: guests.</summary>
    public string? Key { get; init; }

    /// <summary>What the connections of one process speak; their tokens are signed here.</summary>
    public IWire ToWire() => Level == 0 ? new ImLevel0Wire(App) : new ImLevel2Wire(App, Room, Run, new LoginMode(Key is null ? null : Convert.FromBase64String(Key)).Tokens(Count, App, Run));
}

/// <summary>Any further line to it. It is answered by lines of <see cref="CrowdAnswer"/>, the last of which has a state or a failure.</summary>
/// <param name="Step">None: only the state is asked for.</param>
internal sealed record CrowdOrder(Step Step, int From, int To, double RatePerSecond, int Window);

/// <param name="Progress">Steps done so far; in lines before the last.</param>
/// <param name="Wave">What an order with a step came to.</param>
/// <param name="Failure">Why the process can do no more.</param>
internal sealed record CrowdAnswer(int Progress = 0, WaveAnswer? Wave = null, CrowdState? State = null, string? Failure = null)
{
    public bool IsLast => State is not null || Failure is not null;
}

/// <param name="Latency">The histogram's counts: microseconds, and how many, in turn.</param>
internal sealed record WaveAnswer(Step Step, int Done, int Failed, int Repeated, TimeSpan Elapsed, IReadOnlyList<long> Latency)
{
    public static WaveAnswer Of(WaveResult wave) =>
        new(wave.Step, wave.Done, wave.Failed, wave.Repeated, wave.Elapsed, [.. wave.Histogram.RecordedValues().SelectMany(value => new[] { value.ValueIteratedTo, value.CountAtValueIteratedTo })]);

    public WaveResult ToWave()
    {
        var histogram = Latencies.Create();
        for (var i = 0; i + 1 < Latency.Count; i += 2) histogram.RecordValueWithCount(Latency[i], Latency[i + 1]);
        return new WaveResult(Step, Done, Failed, Elapsed, histogram) { Repeated = Repeated };
    }
}

/// <summary>One JSON object a line.</summary>
internal static class CrowdLine
{
    public static string Of<T>(T message) => JsonSerializer.Serialize(message);

    /// <exception cref="BenchException">It is no such message.</exception>
    public static T Read<T>(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new BenchException($"{wrong.Message}: {line}");
        }
    }
}
