using System.Diagnostics.CodeAnalysis;

namespace Im.Protocol.Names;

/// <summary>What a conversation is for; kinds differ by policy, not by code path.</summary>
public enum ConversationKind
{
    /// <summary><c>r:</c> open room, comes to be by join.</summary>
    Room,

    /// <summary><c>g:</c> group with durable members, comes to be by create.</summary>
    Group,

    /// <summary><c>p:</c> one to one, users sorted by UTF-16 ordinal.</summary>
    Pair,

    /// <summary><c>u:</c> a user's inbox for pushes of back ends.</summary>
    Inbox,
}

/// <summary>A conversation inside one app: <c>r:room</c>, <c>g:group</c>, <c>p:a|b</c> or <c>u:user</c>.</summary>
public readonly record struct ConversationId(string Value)
{
    /// <summary>Bytes of a room's or group's own name; <c>/</c>, <c>|</c> and control characters are refused.</summary>
    public const int MaxRoomBytes = 64;

    public static readonly ConversationId Lobby = new("r:lobby");

    public ConversationKind Kind => Value[0] switch
    {
        'r' => ConversationKind.Room,
        'g' => ConversationKind.Group,
        'p' => ConversationKind.Pair,
        _ => ConversationKind.Inbox,
    };

    public static ConversationId Inbox(UserId user) => new("u:" + user.Value);

    public static bool TryParse([NotNullWhen(true)] string? text, out ConversationId conversation)
    {
        conversation = default;
        if (text == Lobby.Value)
        {
            // Where most connections are: one string for all of them.
            conversation = Lobby;
            return true;
        }

        if (text is null || text.Length < 3 || text[1] != ':') return false;
        var rest = text[2..];
        var valid = text[0] switch
        {
            'r' or 'g' => NameRules.IsName(rest, MaxRoomBytes) && rest.AsSpan().IndexOfAny('/', '|') < 0,
            'p' => IsPair(rest),
            'u' => UserId.TryParse(rest, out _),
            _ => false,
        };
        if (valid) conversation = new ConversationId(text);
        return valid;
    }

    public override string ToString() => Value;

    private static bool IsPair(string users)
    {
        var bar = users.IndexOf('|', StringComparison.Ordinal);
        return bar > 0
            && UserId.TryParse(users[..bar], out var first)
            && UserId.TryParse(users[(bar + 1)..], out var second)
            && string.CompareOrdinal(first.Value, second.Value) < 0;
    }
}
