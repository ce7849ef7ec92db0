using Im.Actors.Conversations.Store;
using Im.Protocol;
using Im.Protocol.Json;

namespace Im.Actors.Conversations;

/// <param name="Ext">The event's <c>ext</c>; null when nothing changes.</param>
/// <param name="Changes">New role by user; null takes the user out.</param>
internal sealed record GroupDecision(ReplyCode Code, string? Ext, IReadOnlyDictionary<string, MemberRole?> Changes)
{
    public static GroupDecision Refuse(ReplyCode code) => new(code, null, new Dictionary<string, MemberRole?>());
}

/// <summary>Who may change a group, and what a change comes to. Pure.</summary>
internal static class GroupRules
{
    public const int MaxMembersCount = 500;

    /// <param name="members">Present members in the order of joining.</param>
    /// <param name="user">Who asks.</param>
    public static GroupDecision Decide(IReadOnlyDictionary<string, MemberRole> members, string user, bool isFromServer, GroupChange change)
    {
        var role = members.TryGetValue(user, out var own) ? own : (MemberRole?)null;
        if (!isFromServer && role is null) return GroupDecision.Refuse(ReplyCode.NotAMember);
        var manages = isFromServer || role is MemberRole.Owner or MemberRole.Admin;
        return change switch
        {
            GroupChange.Get => Nothing,
            GroupChange.Leave when role is null => Nothing,
            GroupChange.Leave => Leave(members, user),
            _ when !manages => GroupDecision.Refuse(ReplyCode.Forbidden),
            GroupChange.Add add => Add(members, add.Users),
            GroupChange.Remove remove => Remove(members, remove.Users, isFromServer || role == MemberRole.Owner),
            GroupChange.SetRole set => SetRole(members, set, isFromServer || role == MemberRole.Owner),
            GroupChange.Update update => Update(members, update),
            _ => GroupDecision.Refuse(ReplyCode.BadParameter),
        };
    }

    private static readonly GroupDecision Nothing = new(ReplyCode.Success, null, new Dictionary<string, MemberRole?>());

    private static GroupDecision Add(IReadOnlyDictionary<string, MemberRole> members, IReadOnlyList<string> users)
    {
        var added = users.Where(user => !members.ContainsKey(user)).Distinct().ToArray();
        if (members.Count + added.Length > MaxMembersCount) return GroupDecision.Refuse(ReplyCode.TooLarge);
        return Of("add", added, added.ToDictionary(user => user, _ => (MemberRole?)MemberRole.Member));
    }

    private static GroupDecision Remove(IReadOnlyDictionary<string, MemberRole> members, IReadOnlyList<string> users, bool mayRemoveAdmins)
    {
        var removed = users.Where(members.ContainsKey).Distinct().ToArray();
        if (!mayRemoveAdmins && removed.Any(user => members[user] is MemberRole.Owner or MemberRole.Admin)) return GroupDecision.Refuse(ReplyCode.Forbidden);
        var changes = removed.ToDictionary(user => user, _ => (MemberRole?)null);
        Succeed(members, changes);
        return Of("remove", removed, changes);
    }

    private static GroupDecision Leave(IReadOnlyDictionary<string, MemberRole> members, string user)
    {
        var changes = new Dictionary<string, MemberRole?> { [user] = null };
        Succeed(members, changes);
        return new GroupDecision(ReplyCode.Success, "{\"op\":\"leave\"}", changes);
    }

    private static GroupDecision SetRole(IReadOnlyDictionary<string, MemberRole> members, GroupChange.SetRole set, bool isOwner)
    {
        if (!set.Users.All(members.ContainsKey)) return GroupDecision.Refuse(ReplyCode.NotAMember);
        var touchesAdmins = set.Role is MemberRole.Admin or MemberRole.Owner || set.Users.Any(user => members[user] is MemberRole.Admin or MemberRole.Owner);
        if (touchesAdmins && !isOwner) return GroupDecision.Refuse(ReplyCode.Forbidden);
        if (set.Role == MemberRole.Owner && set.Users.Count != 1) return GroupDecision.Refuse(ReplyCode.BadParameter);
        var changes = set.Users.Where(user => members[user] != set.Role).Distinct().ToDictionary(user => user, _ => (MemberRole?)set.Role);
        var changed = changes.Keys.ToArray();
        if (set.Role == MemberRole.Owner)
        {
            foreach (var (user, _) in members.Where(member => member.Value == MemberRole.Owner && !changes.ContainsKey(member.Key))) changes[user] = MemberRole.Admin;
        }

        Succeed(members, changes);
        return Of("role", changed, changes, set.Role);
    }

    private static GroupDecision Update(IReadOnlyDictionary<string, MemberRole> members, GroupChange.Update update)
    {
        var changes = new Dictionary<string, MemberRole?>();
        foreach (var user in update.Added.Where(user => !members.ContainsKey(user))) changes[user] = MemberRole.Member;
        foreach (var user in update.Removed.Where(members.ContainsKey)) changes[user] = null;
        foreach (var (user, role) in update.Roles)
        {
            if (changes.GetValueOrDefault(user, members.TryGetValue(user, out var had) ? had : null) is not { } present) return GroupDecision.Refuse(ReplyCode.NotAMember);
            if (present != role) changes[user] = role;
        }

        if (update.Roles.Values.Contains(MemberRole.Owner))
        {
            foreach (var (user, _) in members.Where(member => member.Value == MemberRole.Owner && !update.Roles.ContainsKey(member.Key) && !changes.ContainsKey(member.Key))) changes[user] = MemberRole.Admin;
        }

        if (members.Count + changes.Count(change => change.Value is not null && !members.ContainsKey(change.Key)) > MaxMembersCount) return GroupDecision.Refuse(ReplyCode.TooLarge);
        Succeed(members, changes);
        if (changes.Count == 0) return Nothing;
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"op\":\"update\""u8);
        Users(ref buffer, ",\"add\":"u8, [.. changes.Where(change => change.Value is not null && !members.ContainsKey(change.Key)).Select(change => change.Key)]);
        Users(ref buffer, ",\"remove\":"u8, [.. changes.Where(change => change.Value is null).Select(change => change.Key)]);
        buffer.Raw(",\"roles\":{"u8);
        var isFirst = true;
        foreach (var (user, role) in changes.Where(change => change.Value is { } given && (given != MemberRole.Member || members.ContainsKey(change.Key))))
        {
            if (!isFirst) buffer.Raw(","u8);
            isFirst = false;
            buffer.Text(user);
            buffer.Raw(":"u8);
            buffer.Text(role!.Value.Wire());
        }

        buffer.Raw("}}"u8);
        return new GroupDecision(ReplyCode.Success, System.Text.Encoding.UTF8.GetString(buffer.Written), changes);
    }

    /// <summary>A group that loses its only owner gets the first admin, or else the first member, as its owner.</summary>
    private static void Succeed(IReadOnlyDictionary<string, MemberRole> members, Dictionary<string, MemberRole?> changes)
    {
        var after = members.Select(member => (User: member.Key, Role: changes.TryGetValue(member.Key, out var role) ? role : member.Value)).Where(member => member.Role is not null).ToList();
        if (after.Count == 0 || after.Exists(member => member.Role == MemberRole.Owner)) return;
        var heir = after.Find(member => member.Role == MemberRole.Admin);
        changes[heir.User ?? after[0].User] = MemberRole.Owner;
    }

    private static GroupDecision Of(string op, IReadOnlyList<string> users, Dictionary<string, MemberRole?> changes, MemberRole? role = null)
    {
        if (changes.Count == 0) return Nothing;
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"op\":"u8);
        buffer.Text(op);
        Users(ref buffer, ",\"users\":"u8, users);
        if (role is { } given)
        {
            buffer.Raw(",\"role\":"u8);
            buffer.Text(given.Wire());
        }

        buffer.Raw("}"u8);
        return new GroupDecision(ReplyCode.Success, System.Text.Encoding.UTF8.GetString(buffer.Written), changes);
    }

    /// <summary>The <c>ext</c> of a group's first record.</summary>
    public static string CreateExt(string name, IEnumerable<string> users)
    {
        var buffer = WireBuffer.Create();
        buffer.Raw("{\"op\":\"create\",\"name\":"u8);
        buffer.Text(name);
        Users(ref buffer, ",\"users\":"u8, [.. users]);
        buffer.Raw("}"u8);
        return System.Text.Encoding.UTF8.GetString(buffer.Written);
    }

    private static void Users(ref WireBuffer buffer, ReadOnlySpan<byte> name, IReadOnlyList<string> users)
    {
        buffer.Raw(name);
        buffer.Raw("["u8);
        for (var i = 0; i < users.Count; i++)
        {
            if (i > 0) buffer.Raw(","u8);
            buffer.Text(users[i]);
        }

        buffer.Raw("]"u8);
    }
}

internal static class MemberRoles
{
    /// <summary>The role's name on the wire.</summary>
    public static string Wire(this MemberRole role) => role switch
    {
        MemberRole.Owner => "owner",
        MemberRole.Admin => "admin",
        MemberRole.Muted => "muted",
        _ => "member",
    };

    public static MemberRole? Find(string? text) => text switch
    {
        "owner" => MemberRole.Owner,
        "admin" => MemberRole.Admin,
        "muted" => MemberRole.Muted,
        "member" => MemberRole.Member,
        _ => null,
    };
}
