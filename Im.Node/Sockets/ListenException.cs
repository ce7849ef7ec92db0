using System.Net;
using System.Net.Sockets;

namespace Im.Node.Sockets;

/// <summary>The listener cannot have its address. The message is one line, made for an operator.</summary>
internal sealed class ListenException(IPEndPoint endPoint, SocketException cause) : Exception($"Cannot listen on {endPoint}: {Explain(cause)}.", cause)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    private static string Explain(SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use by another process",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        SocketError.AccessDenied => "the port needs more rights than this process has",
        _ => cause.Message,
    };
}
