using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Im.Node.Security;

/// <summary>
/// The names under which this node may be called. A name outside the list in a Host header is a sign of DNS rebinding: a
/// website has pointed its own name at this machine to be of the same origin as us.
/// </summary>
internal sealed class KnownHosts
{
    private static readonly string[] Loopback = ["127.0.0.1", "[::1]", "localhost"];

    private readonly FrozenSet<string> _names;

    public KnownHosts(SecuritySettings settings)
    {
        var own = new List<string>(Loopback);
        own.AddRange(BoundAddresses(settings.BindAddress));
        Own = own;

        var names = new List<string>(own);
        if (settings.PublicUrl is { } publicUrl) names.Add(InHostForm(publicUrl.IdnHost));
        if (!string.IsNullOrEmpty(settings.AdvertisedHost)) names.Add(InHostForm(settings.AdvertisedHost));
        _names = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Loopback names and the addresses this node listens on.</summary>
    public IReadOnlyList<string> Own { get; }

    /// <param name="host">Without port; an IPv6 address in brackets.</param>
    public bool Contains(string host) => _names.Contains(host);

    /// <summary>A bind to every address is called by any address of the machine.</summary>
    private static string[] BoundAddresses(string bindAddress)
    {
        if (!IPAddress.TryParse(bindAddress, out var bound)) return bindAddress is "*" or "+" ? MachineAddresses() : [bindAddress];
        return bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any) ? MachineAddresses() : [InHostForm(bindAddress)];
    }

    private static string[] MachineAddresses()
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .SelectMany(static network => network.GetIPProperties().UnicastAddresses)
                .Select(static unicast => InHostForm(unicast.Address.ToString().Split('%')[0]))];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    private static string InHostForm(string host) =>
        IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : host;
}
