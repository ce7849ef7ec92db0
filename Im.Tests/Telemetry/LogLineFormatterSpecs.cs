using System.Globalization;
using Im.Node.Telemetry;
using Serilog.Events;
using Serilog.Parsing;
using Shouldly;
using Xunit;

namespace Im.Tests.Telemetry;

public sealed class LogLineFormatterSpecs
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero);

    [Fact]
    public void Should_write_one_line_when_nothing_is_special()
    {
        Format("Closing {ConnectionId} of {UserId}", exception: null, ("ConnectionId", 7), ("UserId", "alice"))
            .ShouldBe("2026-01-02T03:04:05.006+00:00 WRN Im.Sockets Closing 7 of alice\n");
    }

    [Theory]
    [InlineData("a\nb", "a\\u000Ab")]
    [InlineData("a\r\nb", "a\\u000D\\u000Ab")]
    [InlineData("\u001b[31mred", "\\u001B[31mred")]
    [InlineData("a\u2028b\u202eb", "a\\u2028b\\u202Eb")]
    [InlineData("马远 👋", "马远 👋")]
    public void Should_escape_control_characters_when_a_value_holds_them(string value, string expected)
    {
        Format("User {UserId} left", exception: null, ("UserId", value)).ShouldEndWith($"User {expected} left\n");
    }

    [Fact]
    public void Should_mark_every_line_of_an_exception_when_its_message_forges_lines()
    {
        var text = Format("Failed", new InvalidOperationException("first\n2026-01-01T00:00:00.000+00:00 INF Im forged"));

        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).ShouldAllBe(line => line.StartsWith("  | ", StringComparison.Ordinal));
    }

    private static string Format(string template, Exception? exception, params (string Name, object Value)[] values)
    {
        var properties = values.Append(("SourceContext", "Im.Sockets")).Select(value => new LogEventProperty(value.Item1, new ScalarValue(value.Item2)));
        var logEvent = new LogEvent(Time, LogEventLevel.Warning, exception, new MessageTemplateParser().Parse(template), properties);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        new LogLineFormatter().Format(logEvent, output);
        return output.ToString();
    }
}
