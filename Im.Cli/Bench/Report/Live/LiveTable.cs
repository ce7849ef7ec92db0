using System.Globalization;
using Im.Cli.Text;
using Spectre.Console;

namespace Im.Cli.Bench.Report.Live;

/// <summary>The parts of a run in a terminal: those that are over, and those that are under way with their rates now. It is cleared when nothing is under way.</summary>
internal sealed class LiveTable(IAnsiConsole console)
{
    private const int MaxRows = 12;
    private const int BarWidth = 20;

    private readonly Lock _lock = new();
    private readonly List<string[]> _over = [];
    private readonly List<Part> _parts = [];
    private bool _isShown;
    private bool _isOver;     // the last part left: whoever waits for the end of the table gets it, also when another part begins meanwhile
    private Task _showing = Task.CompletedTask;

    /// <summary>Shows a part while its work goes on; several may at the same time.</summary>
    public async Task<T> ShowAsync<T>(RateMeter meter, Func<double> share, Task<T> work)
    {
        var part = new Part(meter, share);
        lock (_lock)
        {
            _parts.Add(part);
            if (!_isShown)
            {
                _isShown = true;
                _showing = RefreshAsync();
            }
        }

        try
        {
            return await work;
        }
        finally
        {
            if (Leave(part)) await _showing;
        }
    }

    /// <returns>True for the last part that was under way.</returns>
    private bool Leave(Part part)
    {
        lock (_lock)
        {
            _parts.Remove(part);
            _isOver |= _parts.Count == 0;
            _over.Add(Row(part.Meter, Say.It("done", "完成"), part.Meter.Elapsed > TimeSpan.Zero ? part.Meter.Count / part.Meter.Elapsed.TotalSeconds : 0));
            return _parts.Count == 0;
        }
    }

    private async Task RefreshAsync()
    {
        await console.Live(Render()).AutoClear(true).StartAsync(async context =>
        {
            while (true)
            {
                await Task.Delay(RateMeter.Interval);
                lock (_lock)
                {
                    if (_isOver) return;
                    foreach (var part in _parts) part.Meter.Look();
                    context.UpdateTarget(Render());
                }
            }
        });
        lock (_lock)
        {
            _isOver = false;
            _isShown = _parts.Count > 0;
            if (_isShown) _showing = RefreshAsync();
        }
    }

    private Table Render()
    {
        lock (_lock)
        {
            var table = new Table().RoundedBorder().AddColumns(Say.It("part", "阶段"), "", Say.It("count", "计数"), Say.It("per second", "每秒"), Say.It("time", "用时"));
            foreach (var row in _over.TakeLast(MaxRows)) table.AddRow([.. row.Select(cell => $"[grey]{cell}[/]")]);
            foreach (var part in _parts) table.AddRow(Row(part.Meter, Bar(part.Share()), part.Meter.Now));
            return table;
        }
    }

    private static string[] Row(RateMeter meter, string state, double rate) =>
    [
        Markup.Escape(meter.Name),
        state,
        Format.Count(meter.Count),
        Format.Count(rate),
        meter.Elapsed.ToString("mm\\:ss", CultureInfo.InvariantCulture),
    ];

    private static string Bar(double share)
    {
        var full = (int)(Math.Clamp(share, 0, 1) * BarWidth);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] {share * 100,3:0} %";
    }

    private sealed record Part(RateMeter Meter, Func<double> Share);
}
