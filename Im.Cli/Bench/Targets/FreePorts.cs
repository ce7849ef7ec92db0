using System.Net;
using System.Net.Sockets;

namespace Im.Cli.Bench.Targets;

/// <summary>
/// Ports of loopback for the servers that this process starts. Each is kept, bound and not listened on, until this process ends: nobody who asks for any
/// port is given it, also while its server is down, and the server that is told to listens there all the same.
/// </summary>
internal static class FreePorts
{
    private static readonly List<Socket> s_kept = [];

    public static int[] Take(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ => Keep()).ToArray();
        lock (s_kept) s_kept.AddRange(sockets);
        return [.. sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];
    }

    private static Socket Keep()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
