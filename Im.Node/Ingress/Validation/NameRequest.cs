using System.Text;
using Im.Node.Ingress.Errors;
using Im.Protocol.Names;

namespace Im.Node.Ingress.Validation;

/// <summary>Names in requests: each method answers the parsed value, and adds a violation when there is none.</summary>
internal static class NameRequest
{
    private const string UserRule = "give 1 to 64 bytes of UTF-8 without control characters and '|'.";

    public static AppId App(uint app, IngressSettings settings, Violations violations)
    {
        if (!settings.Apps.Contains(app)) violations.Refuse(IngressErrors.UnknownApp(app, settings.Apps));
        return new AppId(app);
    }

    public static UserId User(string text, string field, Violations violations)
    {
        if (!UserId.TryParse(text, out var user)) violations.Add(field, $"{Violations.Shown(text)} is no user: {UserRule}");
        return user;
    }

    public static IReadOnlyList<UserId> Users(IReadOnlyList<string> texts, bool distinct, Violations violations)
    {
        if (texts.Count is not (0 or > IngressLimits.MaxUsersCount)) return Each(texts, "users", distinct, violations);
        violations.Add("users", $"{texts.Count} users; give 1 to {IngressLimits.MaxUsersCount}, and split a longer list into several calls.");
        return [];
    }

    /// <summary>Members of a group, none twice; none at all is fine.</summary>
    public static IReadOnlyList<UserId> Members(IReadOnlyList<string> texts, string field, Violations violations)
    {
        if (texts.Count <= IngressLimits.MaxMembersCount) return Each(texts, field, distinct: true, violations);
        violations.Add(field, $"{texts.Count} users; a group has at most {IngressLimits.MaxMembersCount} members.");
        return [];
    }

    public static ConversationId Conversation(string text, Violations violations)
    {
        if (!ConversationId.TryParse(text, out var conversation))
            violations.Add("conv", $"{Violations.Shown(text)} is no conversation: give r: or g: and 1 to 64 bytes of UTF-8 without '/', '|' and control characters, such as r:lobby; p:a|b with its users in order; or u: and a user.");
        return conversation;
    }

    public static ConversationId Room(string text, Violations violations)
    {
        var conversation = Conversation(text, violations);
        if (conversation != default && conversation.Kind != ConversationKind.Room)
            violations.Add("conv", $"{Violations.Shown(text)} is not a room: this call takes r:… only; the members of a group are GetGroup's.");
        return conversation;
    }

    public static ConversationId RoomOrGroup(string text, Violations violations)
    {
        var conversation = Conversation(text, violations);
        if (conversation != default && conversation.Kind is not (ConversationKind.Room or ConversationKind.Group))
            violations.Add("conv", $"{Violations.Shown(text)} is neither room nor group: a user's inbox is PushToUser's.");
        return conversation;
    }

    /// <param name="text">The group's own id.</param>
    public static ConversationId Group(string text, Violations violations)
    {
        if (text.StartsWith("g:", StringComparison.Ordinal)) violations.Add("group", $"{Violations.Shown(text)}: give the group's own id, without g: before it.");
        else if (ConversationId.TryParse("g:" + text, out var conversation)) return conversation;
        else violations.Add("group", $"{Violations.Shown(text)} is no group: give 1 to 64 bytes of UTF-8 without '/', '|' and control characters.");
        return default;
    }

    public static string GroupName(string text, Violations violations)
    {
        if (Encoding.UTF8.GetByteCount(text) > IngressLimits.MaxGroupNameBytes || text.Any(char.IsControl))
            violations.Add("name", $"{Violations.Shown(text)}: give at most {IngressLimits.MaxGroupNameBytes} bytes of UTF-8 without control characters.");
        return text;
    }

    public static string MessageId(string text, Violations violations)
    {
        if (text.Length != 26 || !text.All(char.IsAsciiLetterOrDigit)) violations.Add("mid", $"{Violations.Shown(text)} is no message id: give the 26 letters and digits that the push was answered with.");
        return text;
    }

    public static string TokenId(string text, Violations violations)
    {
        if (Encoding.UTF8.GetByteCount(text) > IngressLimits.MaxTokenIdBytes || text.Any(char.IsControl))
            violations.Add("tokenId", $"{Violations.Shown(text)}: give at most {IngressLimits.MaxTokenIdBytes} bytes of UTF-8 without control characters.");
        return text;
    }

    public static string ConnectionId(string text, Violations violations)
    {
        if (!IsToken(text, IngressLimits.MaxConnectionIdLength))
            violations.Add("connection", $"{Violations.Shown(text)} is no connection: give 1 to {IngressLimits.MaxConnectionIdLength} characters of A-Z a-z 0-9 _ . : - as ListConnections answers them.");
        return text;
    }

    /// <param name="text">A node's name, its address, or <c>self</c>.</param>
    public static string Node(string text, Violations violations)
    {
        if (text.Length is 0 or > IngressLimits.MaxNodeLength || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-' or '[' or ']'))
            violations.Add("node", $"{Violations.Shown(text)} is no node: give its name or its host:port as GetCluster answers them, or self for the node that is asked.");
        return text;
    }

    public static string Reason(string text, string absent, Violations violations)
    {
        if (text.Length == 0) return absent;
        if (Encoding.UTF8.GetByteCount(text) > IngressLimits.MaxReasonBytes || text.Any(char.IsControl))
            violations.Add("reason", $"{Violations.Shown(text)}: give at most {IngressLimits.MaxReasonBytes} bytes of UTF-8 without control characters.");
        return text;
    }

    public static IReadOnlyList<string> Platforms(IReadOnlyList<string> texts, Violations violations)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (Platform.Find(texts[i]) is null)
                violations.Add($"platforms[{i}]", $"{Violations.Shown(texts[i])} is no platform: give some of {string.Join(", ", Platform.All)}, or none for all.");
        }

        return [.. texts.Distinct()];
    }

    public static bool IsToken(string text, int maxLength) =>
        text.Length > 0 && text.Length <= maxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');

    private static UserId[] Each(IReadOnlyList<string> texts, string field, bool distinct, Violations violations)
    {
        var users = new UserId[texts.Count];
        var seen = new Dictionary<string, int>(texts.Count, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = User(texts[i], $"{field}[{i}]", violations);
            if (distinct && !seen.TryAdd(texts[i], i)) violations.Add($"{field}[{i}]", $"{Violations.Shown(texts[i])} repeats {field}[{seen[texts[i]]}]; name each user once.");
        }

        return users;
    }
}
