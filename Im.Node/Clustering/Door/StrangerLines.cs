using Serilog.Events;

namespace Im.Node.Clustering.Door;

/// <summary>
/// What Akka's transport logs of each connection that did not get in, several lines each, some with all that the stranger sent. It is
/// left out: <see cref="RefusalLog"/> has a line for it. Filters of Akka do not reach a logger of the host, hence one of Serilog.
/// </summary>
internal static class StrangerLines
{
    private const string ServerSide = "(Server side)";
    private const string OfAkka = "Akka.Actor.ActorSystem";

    public static bool Is(LogEvent logEvent)
    {
        if (!logEvent.Properties.TryGetValue("SourceContext", out var source) || source is not ScalarValue { Value: OfAkka }) return false;
        var message = logEvent.RenderMessage(System.Globalization.CultureInfo.InvariantCulture);
        return StartsWithAny(message, "Rejected incoming connection", "Mutual TLS required", "No response from remote for inbound association")
            || (StartsWithAny(message, "TLS handshake failed on channel", "TLS exception on channel") && message.Contains(ServerSide, StringComparison.Ordinal))
            || (StartsWithAny(message, "Error caught channel") && IsOfTls(logEvent.Exception));
    }

    /// <summary>Of the TLS handler, which gives its exceptions on in an envelope of the decoder.</summary>
    private static bool IsOfTls(Exception? exception) =>
        exception?.GetType().Name is "NotSslRecordException" || (exception?.GetType().Name is "DecoderException" && exception.ToString().Contains("DotNetty.Handlers.Tls", StringComparison.Ordinal));

    private static bool StartsWithAny(string message, params ReadOnlySpan<string> starts)
    {
        foreach (var start in starts)
        {
            if (message.StartsWith(start, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
