using System.Security.Cryptography;
using System.Text;
using Im.Actors.Conversations;
using Im.Actors.Conversations.Store;
using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using Role = Im.Protocol.Ingress.V1.GroupMember.Types.Role;

namespace Im.Node.Ingress.Validation;

/// <summary>Calls about groups as the broker takes them. Each method throws the RpcException that names everything that is wrong.</summary>
internal sealed class GroupRequests(IngressSettings settings, TimeProvider time)
{
    /// <param name="sender">Whose idempotency keys these are.</param>
    /// <param name="timeout">How long the call may take.</param>
    public GroupCall Read(CreateGroupRequest request, string sender, TimeSpan timeout)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var key = IdempotencyKey.Read(request.IdempotencyKey, check);
        var group = request.Group.Length == 0 ? new ConversationId("g:" + NewGroup(sender, key)) : NameRequest.Group(request.Group, check);
        var name = NameRequest.GroupName(request.Name, check);
        var owner = NameRequest.User(request.Owner, "owner", check);
        var members = NameRequest.Members(request.Members, "members", check);
        if (members.Select(member => member.Value).Index().FirstOrDefault(member => member.Item == request.Owner) is { Item: not null } own)
            check.Add($"members[{own.Index}]", $"{Violations.Shown(own.Item)} is the owner already; name the other members.");
        if (members.Count >= IngressLimits.MaxMembersCount) check.Add("members", $"{members.Count} and the owner; a group has at most {IngressLimits.MaxMembersCount} members.");
        check.ThrowIfAny();
        return new GroupCall(app, group, owner, sender, key, new GroupChange.Create(name, [.. members.Select(member => member.Value)]), timeout);
    }

    public GroupCall Read(GetGroupRequest request, string sender, TimeSpan timeout)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var group = NameRequest.Group(request.Group, check);
        check.ThrowIfAny();
        return new GroupCall(app, group, new UserId(PushContent.DefaultFrom), sender, null, new GroupChange.Get(), timeout);
    }

    public GroupCall Read(UpdateMembersRequest request, string sender, TimeSpan timeout)
    {
        var check = new Violations();
        var app = NameRequest.App(request.App, settings, check);
        var group = NameRequest.Group(request.Group, check);
        var key = IdempotencyKey.Read(request.IdempotencyKey, check);
        var added = NameRequest.Members(request.Add, "add", check);
        var removed = NameRequest.Members(request.Remove, "remove", check);
        foreach (var (index, user) in removed.Index().Where(user => added.Contains(user.Item)))
            check.Add($"remove[{index}]", $"{Violations.Shown(user.Value)} is in add as well; name it in one of the two.");
        var roles = Roles(request, removed, check);
        check.ThrowIfAny();
        var change = new GroupChange.Update([.. added.Select(user => user.Value)], [.. removed.Select(user => user.Value)], roles);
        return new GroupCall(app, group, new UserId(PushContent.DefaultFrom), sender, key, change, timeout);
    }

    /// <summary>Ordered by user, so that the same call is the same payload whatever order its map has.</summary>
    private static SortedDictionary<string, MemberRole> Roles(UpdateMembersRequest request, IReadOnlyList<UserId> removed, Violations check)
    {
        var roles = new SortedDictionary<string, MemberRole>(StringComparer.Ordinal);
        if (request.Roles.Count > IngressLimits.MaxMembersCount) check.Add("roles", $"{request.Roles.Count} users; a group has at most {IngressLimits.MaxMembersCount} members.");
        foreach (var (user, role) in request.Roles)
        {
            var field = $"roles[{Violations.Shown(user)}]";
            NameRequest.User(user, field, check);
            if (removed.Contains(new UserId(user))) check.Add(field, "is in remove as well; name it in one of the two.");
            if (role is not (Role.Member or Role.Muted or Role.Admin or Role.Owner)) check.Add(field, $"{(int)role} is no role: give MEMBER, MUTED, ADMIN or OWNER.");
            roles[user] = role switch { Role.Owner => MemberRole.Owner, Role.Admin => MemberRole.Admin, Role.Muted => MemberRole.Muted, _ => MemberRole.Member };
        }

        if (roles.Values.Count(role => role == MemberRole.Owner) > 1) check.Add("roles", "more than one OWNER; a group has one.");
        return roles;
    }

    /// <summary>A call that is repeated with its key must meet the group that it made.</summary>
    private string NewGroup(string sender, string? key) =>
        key is null ? Ulid.New(time.GetUtcNow()) : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sender}\n{key}")).AsSpan(0, 16));
}
