using System.Net;
using System.Net.Sockets;

namespace Im.Tests.Support;

internal static class FreePort
{
    /// <summary>A listener on a free loopback port, to make the port busy for others.</summary>
    public static TcpListener Occupy()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
