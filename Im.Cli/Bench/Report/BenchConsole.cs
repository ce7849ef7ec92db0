using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Im.Cli.Bench.Report;

/// <summary>
/// Results go to standard output, as lines or as one JSON object; what happens meanwhile goes to standard error, as bars when that is a terminal.
/// </summary>
internal sealed class BenchConsole(TextWriter output, TextWriter error, bool json, bool terminal)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly IAnsiConsole _ansi = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });

    public static BenchConsole ForProcess(bool json) => new(Console.Out, Console.Error, json, !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"));

    public bool Json => json;

    /// <summary>Runs a piece of work under a bar, or between two lines.</summary>
    public async Task<T> ShowAsync<T>(string title, int steps, Func<IProgress<int>, Task<T>> work)
    {
        if (!terminal)
        {
            error.WriteLine(title);
            return await work(new Ignore());
        }
        return await _ansi.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, steps)))));
    }

    /// <summary>A line about what is going on.</summary>
    public void Note(string text)
    {
        if (terminal) _ansi.MarkupLine($"[grey]{Markup.Escape(text)}[/]");
        else error.WriteLine(text);
    }

    /// <summary>A line of the result; left out when the result is JSON.</summary>
    public void Line(string text = "")
    {
        if (!json) output.WriteLine(text);
    }

    /// <summary>The result as one JSON object, when that was asked for.</summary>
    public void Result(object report)
    {
        if (json) output.WriteLine(JsonSerializer.Serialize(report, report.GetType(), Form));
    }

    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Value = value;
    }

    private sealed class Ignore : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
