using System.Net;

namespace Im.Node.Sockets;

internal static partial class SocketLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot take new clients on {EndPoint}: {Error}. Connected clients stay.")]
    public static partial void AcceptFailed(ILogger logger, IPEndPoint endPoint, string error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Upgrade refused with {Status}")]
    public static partial void UpgradeRefused(ILogger logger, int status);

    [LoggerMessage(Level = LogLevel.Error, Message = "Socket of {Peer} failed and was reset")]
    public static partial void SocketFailed(ILogger logger, IPEndPoint peer, Exception error);
}
