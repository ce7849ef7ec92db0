using System.Net;
using System.Net.Sockets;
using Im.Cli.Text;

namespace Im.Cli.Bench.Engine;

/// <summary>Where to connect, and from which addresses.</summary>
/// <param name="Sources">Empty: the kernel chooses. Else connection n binds to number n modulo the count.</param>
internal sealed record Endpoint(Uri Url, IPEndPoint Remote, IReadOnlyList<IPAddress> Sources)
{
    /// <param name="addresses">Loopback source addresses 127.0.0.1…n (n ≤ 254), each with its own ~28,000 ports; not used towards another machine.</param>
    /// <exception cref="BenchException">The address is not <c>ws://</c>, or its name has no IPv4 address.</exception>
    public static Endpoint Resolve(Uri url, int addresses)
    {
        if (url.Scheme != "ws")
            throw new BenchException(Say.It($"{url}: the bench speaks ws:// only (TLS ends in front of the node).", $"{url}：压测只支持 ws://（TLS 在前置代理处终止）。"));
        var address = FindAddress(url.Host);
        var loopback = IPAddress.IsLoopback(address);
        var sources = loopback ? Enumerable.Range(1, addresses).Select(n => new IPAddress([127, 0, 0, (byte)n])) : [];
        return new Endpoint(url, new IPEndPoint(address, url.Port), [.. sources]);
    }

    private static IPAddress FindAddress(string host)
    {
        if (host == "localhost") return IPAddress.Loopback;
        if (IPAddress.TryParse(host, out var literal) && literal.AddressFamily == AddressFamily.InterNetwork) return literal;
        try
        {
            return Dns.GetHostAddresses(host, AddressFamily.InterNetwork)[0];
        }
        catch (Exception failure) when (failure is SocketException or IndexOutOfRangeException or ArgumentException)
        {
            throw new BenchException(Say.It($"{host} has no IPv4 address.", $"{host} 没有 IPv4 地址。"));
        }
    }
}
