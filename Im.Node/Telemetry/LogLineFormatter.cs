using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Im.Node.Telemetry;

/// <summary>
/// One line an event: <c>time level category message</c>, control characters escaped, so that nobody can write a line of their
/// own into the log. An exception follows indented, each of its lines marked.
/// </summary>
internal sealed class LogLineFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(Short(logEvent.Level));
        output.Write(' ');
        output.Write(logEvent.Properties.TryGetValue("SourceContext", out var source) && source is ScalarValue { Value: string category } ? category : "-");
        output.Write(' ');
        output.WriteLine(ControlCharacters.Escape(Message(logEvent)));
        if (logEvent.Exception is null) return;
        foreach (var line in logEvent.Exception.ToString().ReplaceLineEndings("\n").Split('\n'))
        {
            output.Write("  | ");
            output.WriteLine(ControlCharacters.Escape(line));
        }
    }

    /// <summary>The message with its values as they are; Serilog's own rendering puts quotes around strings.</summary>
    private static string Message(LogEvent logEvent)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken hole && logEvent.Properties.TryGetValue(hole.PropertyName, out var value) && value is ScalarValue { Value: string text }) message.Write(text);
            else token.Render(logEvent.Properties, message, CultureInfo.InvariantCulture);
        }

        return message.ToString();
    }

    private static string Short(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRC",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "FTL",
    };
}
