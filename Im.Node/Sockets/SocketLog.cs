using System.Net;
using System.Net.Sockets;

namespace Im.Node.Sockets;

internal static partial class SocketLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot accept on {EndPoint}: {Error}. Trying again; connected clients stay.")]
    public static partial void AcceptFailed(ILogger logger, IPEndPoint endPoint, SocketError error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Upgrade refused with {Status}")]
    public static partial void UpgradeRefused(ILogger logger, int status);

    [LoggerMessage(Level = LogLevel.Error, Message = "Socket of {Peer} failed and was reset")]
    public static partial void SocketFailed(ILogger logger, EndPoint? peer, Exception error);
}
