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
        if (texts.Count is 0 or > IngressLimits.MaxUsersCount)
        {
            violations.Add("users", $"{texts.Count} users; give 1 to {IngressLimits.MaxUsersCount}, and split a longer list into several calls.");
            return [];
        }

        var users = new UserId[texts.Count];
        var seen = new Dictionary<string, int>(texts.Count, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = User(texts[i], $"users[{i}]", violations);
            if (distinct && !seen.TryAdd(texts[i], i)) violations.Add($"users[{i}]", $"{Violations.Shown(texts[i])} repeats users[{seen[texts[i]]}]; name each user once.");
        }

        return users;
    }

    public static ConversationId Room(string text, Violations violations)
    {
        if (!ConversationId.TryParse(text, out var conversation))
        {
            violations.Add("conv", $"{Violations.Shown(text)} is no conversation: give r: and 1 to 64 bytes of UTF-8 without '/', '|' and control characters, such as r:lobby.");
            return conversation;
        }

        if (conversation.Kind != ConversationKind.Room)
            violations.Refuse(IngressErrors.NotBuiltYet("conv", $"conv: {Violations.Shown(text)} is not a room: this call takes r:… only, other kinds are not built yet."));
        return conversation;
    }

    public static string ConnectionId(string text, Violations violations)
    {
        if (!IsToken(text, IngressLimits.MaxConnectionIdLength))
            violations.Add("connection", $"{Violations.Shown(text)} is no connection: give 1 to {IngressLimits.MaxConnectionIdLength} characters of A-Z a-z 0-9 _ . : - as ListConnections answers them.");
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
}
