using System.Net.Sockets;
using Im.Node.Configuration;
using Microsoft.AspNetCore.Connections;

namespace Im.Node.Lifetime;

/// <summary>Turns what Kestrel, the listener and remoting throw at start into one line for the operator.</summary>
internal static class StartupErrors
{
    /// <summary>
    /// The readable form of a failed start, or null for a failure that no operator could mend. Call it after the host is disposed:
    /// a port that another process took in the meantime is found by trying again.
    /// </summary>
    public static StartupException? Explain(Exception failure, ImOptions? options)
    {
        var chain = Chain(failure).ToList();
        if (chain.OfType<StartupException>().FirstOrDefault() is { } known) return known;
        if (options is null || !chain.Any(IsBindFailure)) return null;
        var busy = PortProbe.Check(options);
        return new StartupException(ExitCodes.Port, busy.Count > 0 ? busy : [$"A port could not be opened: {chain[^1].Message.ReplaceLineEndings(" ")}"]);
    }

    private static bool IsBindFailure(Exception failure) => failure is AddressInUseException
        or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable };

    /// <summary>The failure and all inside it, outermost first.</summary>
    private static IEnumerable<Exception> Chain(Exception failure) => failure switch
    {
        AggregateException many => many.InnerExceptions.SelectMany(Chain).Prepend(many),
        { InnerException: { } inner } => Chain(inner).Prepend(failure),
        _ => [failure],
    };
}
