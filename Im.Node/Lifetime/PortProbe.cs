using System.Net.Sockets;
using Im.Node.Configuration;

namespace Im.Node.Lifetime;

/// <summary>Tries every port before the node starts, so that all that are taken are said at once and in the operator's words.</summary>
internal static class PortProbe
{
    /// <returns>One line per port that cannot be opened.</returns>
    public static IReadOnlyList<string> Check(ImOptions options) =>
        [.. NodePorts.Of(options).Where(port => port.Number != 0).Select(Try).OfType<string>()];

    private static string? Try(NodePort port)
    {
        try
        {
            using var listener = new TcpListener(port.Address, port.Number);
            listener.Start();
            return null;
        }
        catch (SocketException failure)
        {
            return Explain(port, failure.SocketErrorCode);
        }
    }

    private static string Explain(NodePort port, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"{port.Setting} {port.Number} is in use on {port.Address}: stop the other process or set {port.EnvironmentName}",
        SocketError.AccessDenied =>
            $"{port.Setting} {port.Number} may not be opened by this user: take a port from 1024 up with {port.EnvironmentName}",
        SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported =>
            $"{port.Setting} {port.Number} cannot be opened: {port.Address} is no address of this machine; set Im__BindAddress",
        _ => $"{port.Setting} {port.Number} cannot be opened on {port.Address} ({error}): set {port.EnvironmentName}",
    };
}
