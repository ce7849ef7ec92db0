using Im.Actors.Conversations.Store;
using Im.Protocol.Names;

namespace Im.Actors.Conversations;

/// <summary>What the owner knows of its conversation as committed: the row and the present members. Changed after a commit only.</summary>
internal sealed class ConversationFacts(ConversationKey key)
{
    private readonly Dictionary<string, MemberRole> _roles = new(StringComparer.Ordinal);
    private List<string> _order = [];

    public ConversationKey Key { get; } = key;

    public ConversationKind Kind => Key.Conversation.Kind;

    /// <summary>There is a row in the store.</summary>
    public bool Exists { get; private set; }

    public string Epoch { get; private set; } = "";

    public long Head { get; private set; }

    public long First { get; private set; } = 1;

    public long LastTimestampMs { get; private set; }

    public string Name { get; private set; } = "";

    /// <summary>Roles by user.</summary>
    public IReadOnlyDictionary<string, MemberRole> Members => _roles;

    /// <summary>Users in the order in which they came.</summary>
    public IReadOnlyList<string> MembersInOrder => _order;

    /// <summary>The two of a one-to-one conversation, the one of an inbox; else empty.</summary>
    public IReadOnlyList<string> NamedUsers { get; } = Named(key.Conversation);

    public void Load(ConversationRow? row, string generation)
    {
        Exists = row is not null;
        Epoch = row?.Epoch ?? generation;
        Head = row?.Head ?? 0;
        First = row?.First ?? 1;
        LastTimestampMs = row?.LastTimestampMs ?? 0;
        Name = row?.Name ?? "";
        _roles.Clear();
        _order = [];
        foreach (var member in row?.Members ?? []) Set(member.User, member.Role);
    }

    public void Created(string name)
    {
        Exists = true;
        Name = name;
    }

    public void Committed(StoredRecord record, IReadOnlyList<MemberChange> changes)
    {
        Exists = true;
        Head = record.Mseq;
        LastTimestampMs = record.TimestampMs;
        foreach (var change in changes) Set(change.User, change.Role);
    }

    public bool IsMember(string user) => _roles.ContainsKey(user);

    /// <summary>In the order of joining, for rules that look for the first.</summary>
    public IReadOnlyDictionary<string, MemberRole> OrderedMembers() => new OrderedDictionary<string, MemberRole>(_order.Select(user => KeyValuePair.Create(user, _roles[user])));

    private void Set(string user, MemberRole? role)
    {
        if (role is { } given)
        {
            if (_roles.TryAdd(user, given)) _order.Add(user);
            else _roles[user] = given;
        }
        else if (_roles.Remove(user))
        {
            _order.Remove(user);
        }
    }

    private static string[] Named(ConversationId conversation) => conversation.Kind switch
    {
        ConversationKind.Pair => conversation.Value[2..].Split('|'),
        ConversationKind.Inbox => [conversation.Value[2..]],
        _ => [],
    };
}
