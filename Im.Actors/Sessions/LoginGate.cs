using System.Net;
using System.Net.Sockets;
using Im.Protocol.Names;

namespace Im.Actors.Sessions;

/// <summary>What one address may do at the door of this node; 0 means no limit.</summary>
/// <param name="LoginsPerSecond">Logins of one address in a second; above it 1015, then close 4101.</param>
/// <param name="StrangersMaxCount">Connections of one address that have not logged in; the next one is closed with 4101.</param>
/// <param name="FailuresPerMinute">Refused tokens of one address and user in a minute; then 1015 and close 4101 until the minute is over.</param>
public sealed record LoginGateSettings(int LoginsPerSecond = 0, int StrangersMaxCount = 0, int FailuresPerMinute = 5);

/// <summary>Counts logins, refusals and connections without a login by address, of IPv6 by its /64. Used from any thread; bounded.</summary>
internal sealed class LoginGate(LoginGateSettings settings, TimeProvider time)
{
    private readonly LoginCounts<(IPAddress Address, string User)> _failures = new(TimeSpan.FromMinutes(1), time);
    private readonly LoginCounts<IPAddress> _logins = new(TimeSpan.FromSeconds(1), time);
    private readonly Dictionary<IPAddress, int> _strangers = [];   // one entry for each address that has any now

    /// <summary>One more login of this address.</summary>
    /// <returns>Milliseconds until it may try again; 0 when it may now.</returns>
    public long Enter(IPAddress address) =>
        settings.LoginsPerSecond > 0 && _logins.Add(NetworkOf(address)) > settings.LoginsPerSecond ? _logins.LeftMs : 0;

    /// <summary>Too many tokens for this user from this address were refused lately.</summary>
    /// <returns>Milliseconds until it may try again; 0 when it may now.</returns>
    public long Suspects(IPAddress address, string? user) =>
        _failures.Of(KeyOf(address, user)) >= settings.FailuresPerMinute ? _failures.LeftMs : 0;

    public void Failed(IPAddress address, string? user) => _failures.Add(KeyOf(address, user));

    /// <summary>A connection that has not logged in; given back by <see cref="Known"/>.</summary>
    /// <returns>False when the address has too many of them; this one counts too until it is given back.</returns>
    public bool Stranger(IPAddress address)
    {
        if (settings.StrangersMaxCount <= 0) return true;
        lock (_strangers)
        {
            var network = NetworkOf(address);
            var count = _strangers.GetValueOrDefault(network) + 1;
            _strangers[network] = count;
            return count <= settings.StrangersMaxCount;
        }
    }

    /// <summary>The connection has logged in or gone.</summary>
    public void Known(IPAddress address)
    {
        if (settings.StrangersMaxCount <= 0) return;
        lock (_strangers)
        {
            var network = NetworkOf(address);
            var count = _strangers.GetValueOrDefault(network) - 1;
            if (count > 0) _strangers[network] = count;
            else _strangers.Remove(network);
        }
    }

    /// <summary>A claimed user is any text: a long one would make the table heavy.</summary>
    private static (IPAddress Address, string User) KeyOf(IPAddress address, string? user) =>
        (NetworkOf(address), user is { Length: > UserId.MaxBytes } ? user[..UserId.MaxBytes] : user ?? "");

    /// <summary>Of IPv6 the /64, which one customer is given as a whole.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}
