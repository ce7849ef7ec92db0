using System.Net;
using IPNetwork = System.Net.IPNetwork;

namespace Im.Node.Security;

/// <summary>A known proxy as an operator writes it.</summary>
internal static class ProxyNetwork
{
    /// <param name="text">A network such as <c>10.0.0.0/8</c>, or an address, which is a network of its own.</param>
    public static IPNetwork Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        var address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
