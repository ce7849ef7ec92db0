using System.Net;
using System.Net.Sockets;

namespace Im.Tests.Support;

internal static class FreePort
{
    private static readonly List<Socket> s_kept = [];

    /// <summary>A listener on a free loopback port, to make the port busy for others.</summary>
    public static TcpListener Occupy()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    /// <summary>So many free loopback ports for servers that are told where to listen. See <see cref="Keep"/>.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        Socket[] sockets = [.. Enumerable.Range(0, count).Select(_ => Keep())];
        lock (s_kept) s_kept.AddRange(sockets);
        return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
    }

    /// <summary>
    /// Has a loopback port without listening on it: nobody who asks for any port is given this one, no connection goes out from it, who connects to it is
    /// refused, and a server that is told to listens there all the same.
    /// </summary>
    public static Socket Keep()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
