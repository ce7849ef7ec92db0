using Im.Actors.Sessions.Tokens;
using Im.Protocol.Names;

namespace Im.Actors.Connections;

/// <summary>Who a connection is after its login. Immutable but for its token and the conversations that a slow reader missed.</summary>
public sealed class Attachment(UserKey user, string connectionId, ProtocolLevel level, string? device, string? platform, DateTimeOffset loggedInAt)
{
    private HashSet<string>? _movedOn;
    private long _typedAtMs;

    public UserKey User { get; } = user;

    /// <summary>Unique in the cluster while it lives: <c>node-number</c>.</summary>
    public string ConnectionId { get; } = connectionId;

    public ProtocolLevel Level { get; } = level;

    /// <summary>The client's device id; null for level 0.</summary>
    public string? Device { get; } = device;

    public string? Platform { get; } = platform;

    public DateTimeOffset LoggedInAt { get; } = loggedInAt;

    /// <summary>The client's count of attempts of this device, as the login gave it.</summary>
    public long Try { get; init; }

    /// <summary>What the login's token allows, or a later one's; null in guest mode.</summary>
    internal TokenGrant? Token { get; set; }

    /// <summary>At most one sign of typing per interval; asked by the connection's actor alone.</summary>
    internal bool MayType(long nowMs, long intervalMs)
    {
        if (nowMs - _typedAtMs < intervalMs) return false;
        _typedAtMs = nowMs;
        return true;
    }

    internal void MovedOn(string conversation)
    {
        lock (this)
        {
            (_movedOn ??= []).Add(conversation);
        }
    }

    internal IReadOnlyCollection<string>? TakeMovedOn()
    {
        lock (this)
        {
            var taken = _movedOn;
            _movedOn = null;
            return taken;
        }
    }
}
