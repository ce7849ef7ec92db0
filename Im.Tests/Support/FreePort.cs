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

    /// <summary>So many ports that were free just now.</summary>
    public static IReadOnlyList<int> Take(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => Occupy()).ToList();
        List<int> ports = [.. listeners.Select(PortOf)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    public static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
