using System.Net;
using System.Net.Sockets;

namespace Im.Actors.Downing;

/// <summary>
/// Connects and closes. Only ECONNREFUSED counts as refused: a listener with a full backlog lets the try run into its time, and one whose TLS
/// fails has accepted it before.
/// </summary>
internal sealed class TcpPortProbe : IPortProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A name with several addresses refuses when all of them do.</summary>
    public async Task<PortState> TryAsync(string host, int port)
    {
        using var bound = new CancellationTokenSource(Patience);
        try
        {
            foreach (var address in AsRemotingTakesThem(await Dns.GetHostAddressesAsync(host.Trim('[', ']'), bound.Token).ConfigureAwait(false)))
            {
                if (!await RefusesAsync(new IPEndPoint(address, port), bound.Token).ConfigureAwait(false)) return PortState.Listening;
            }

            return PortState.Refused;
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return PortState.Unknown;
        }
    }

    /// <summary>IPv6 only where there is no IPv4.</summary>
    private static IPAddress[] AsRemotingTakesThem(IPAddress[] addresses)
    {
        if (addresses.Length == 0) throw new SocketException((int)SocketError.NoData);
        var fours = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return fours.Length > 0 ? fours : addresses;
    }

    private static async Task<bool> RefusesAsync(IPEndPoint endPoint, CancellationToken cancellation)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellation).ConfigureAwait(false);
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }
}
