using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Im.Cli.Bench.Report.Live;
using Im.Cli.Bench.Report.Results;
using Spectre.Console;

namespace Im.Cli.Bench.Report;

/// <summary>
/// Results go to standard output, as lines or as one JSON object; what happens meanwhile goes to standard error, as a live table when that is a terminal, else as lines.
/// </summary>
internal sealed class BenchConsole
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly IAnsiConsole _ansi;
    private readonly LiveTable? _table;
    private readonly List<RateSeries> _rates = [];   // locked on itself

    public BenchConsole(TextWriter output, TextWriter error, bool json, bool terminal)
    {
        _output = output;
        _error = error;
        Json = json;
        _ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        _table = terminal ? new LiveTable(_ansi) : null;
    }

    /// <summary>How results look as JSON, on the console and in a file.</summary>
    public static JsonSerializerOptions Form { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public bool Json { get; }

    /// <summary>How fast each part of the run went, over its time.</summary>
    public IReadOnlyList<RateSeries> Rates => _rates;

    public static BenchConsole ForProcess(bool json) => new(Console.Out, Console.Error, json, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    /// <summary>Runs one part of a measurement and shows how it goes; several may run at the same time.</summary>
    /// <param name="steps">What the progress comes to.</param>
    /// <param name="counter">What is counted; the progress itself when it is null.</param>
    public async Task<T> ShowAsync<T>(string title, int steps, Func<IProgress<int>, Task<T>> work, Func<long>? counter = null)
    {
        var progress = new Latest();
        var meter = new RateMeter(title, counter ?? (() => progress.Value), TimeProvider.System);
        if (_table is null) await _error.WriteLineAsync(title);
        var working = work(progress);
        var result = _table is null ? await LinesAsync(meter, working) : await _table.ShowAsync(meter, () => (double)progress.Value / Math.Max(1, steps), working);
        meter.Finish();
        lock (_rates) _rates.Add(meter.Series());
        return result;
    }

    /// <summary>A line about what is going on.</summary>
    public void Note(string text)
    {
        if (_table is not null) _ansi.MarkupLine($"[grey]{Markup.Escape(text)}[/]");
        else _error.WriteLine(text);
    }

    /// <summary>A line that must be seen, also when the result is JSON.</summary>
    public void Problem(string text) => (Json ? _error : _output).WriteLine(text);

    /// <summary>A line of the result; left out when the result is JSON.</summary>
    public void Line(string text = "")
    {
        if (!Json) _output.WriteLine(text);
    }

    /// <summary>The result as one JSON object, when that was asked for.</summary>
    public void Result(object report)
    {
        if (Json) _output.WriteLine(JsonSerializer.Serialize(report, report.GetType(), Form));
    }

    private async Task<T> LinesAsync<T>(RateMeter meter, Task<T> work)
    {
        var written = TimeSpan.Zero;
        while (await Task.WhenAny(work, Task.Delay(RateMeter.Interval)) != work)
        {
            meter.Look();
            if (meter.Elapsed - written < LineInterval) continue;
            written = meter.Elapsed;
            await _error.WriteLineAsync($"  {meter.Name}  {Format.Seconds(written)}  {Format.Count(meter.Count)}  {Format.Count(meter.Now)}/s");
        }

        return await work;
    }

    private sealed class Latest : IProgress<int>
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Report(int value) => Volatile.Write(ref _value, value);
    }
}
