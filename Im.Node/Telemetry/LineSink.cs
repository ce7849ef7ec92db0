using System.Text;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Im.Node.Telemetry;

/// <summary>Writes whole lines to a writer, one event at a time.</summary>
internal sealed class LineSink(ITextFormatter formatter, TextWriter output) : ILogEventSink
{
    private readonly Lock _gate = new();

    public void Emit(LogEvent logEvent)
    {
        var line = new StringBuilder(256);
        using (var writer = new StringWriter(line, System.Globalization.CultureInfo.InvariantCulture)) formatter.Format(logEvent, writer);
        lock (_gate)
        {
            output.Write(line);
            output.Flush();
        }
    }
}
