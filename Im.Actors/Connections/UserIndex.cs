using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Im.Protocol.Names;

namespace Im.Actors.Connections;

/// <summary>Which users are logged in on this node, by which connections. Striped, so that a login storm does not queue on one lock.</summary>
internal sealed class UserIndex
{
    /// <summary>Parts that the users are spread over, see <see cref="Part"/>.</summary>
    public const int StripesCount = 32;

    private readonly Dictionary<UserKey, object>[] _stripes = [.. Enumerable.Range(0, StripesCount).Select(_ => new Dictionary<UserKey, object>())];
    private int _connections;

    /// <summary>Logged-in connections.</summary>
    public int ConnectionsCount => Volatile.Read(ref _connections);

    public int UsersCount => _stripes.Sum(stripe => stripe.Count);

    public void Add(UserKey user, ConnectionSlot slot)
    {
        var stripe = StripeOf(user);
        lock (stripe)
        {
            ref var slots = ref CollectionsMarshal.GetValueRefOrAddDefault(stripe, user, out _);
            slots = slots switch
            {
                null => slot,
                ConnectionSlot one => new[] { one, slot },
                _ => (ConnectionSlot[])[.. (ConnectionSlot[])slots, slot],
            };
        }

        Interlocked.Increment(ref _connections);
    }

    public void Remove(UserKey user, ConnectionSlot slot)
    {
        var stripe = StripeOf(user);
        lock (stripe)
        {
            ref var slots = ref CollectionsMarshal.GetValueRefOrNullRef(stripe, user);
            if (Unsafe.IsNullRef(ref slots)) return;
            var all = ToArray(slots);
            var rest = Array.FindAll(all, other => other != slot);
            if (rest.Length == all.Length) return;
            if (rest.Length == 0) stripe.Remove(user);
            else slots = rest.Length == 1 ? rest[0] : rest;
        }

        Interlocked.Decrement(ref _connections);
    }

    /// <summary>The user's connections on this node.</summary>
    public ConnectionSlot[] Find(UserKey user)
    {
        var stripe = StripeOf(user);
        lock (stripe)
        {
            return stripe.TryGetValue(user, out var slots) ? ToArray(slots) : [];
        }
    }

    /// <summary>A copy of the users of an app, or of all apps, in no order.</summary>
    public List<UserKey> Users(AppId? app)
    {
        var users = new List<UserKey>();
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                users.AddRange(app is { } one ? stripe.Keys.Where(user => user.App == one) : stripe.Keys);
            }
        }

        return users;
    }

    /// <summary>The connections of one part of the users, copied: all parts together are everybody.</summary>
    public List<ConnectionSlot> Part(int stripe)
    {
        lock (_stripes[stripe]) return [.. _stripes[stripe].Values.SelectMany(ToArray)];
    }

    private Dictionary<UserKey, object> StripeOf(UserKey user) => _stripes[(uint)user.GetHashCode() % StripesCount];

    private static ConnectionSlot[] ToArray(object slots) => slots as ConnectionSlot[] ?? [(ConnectionSlot)slots];
}
