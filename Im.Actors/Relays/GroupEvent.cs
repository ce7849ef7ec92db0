using System.Text.Json;
using Im.Actors.Conversations.Store;

namespace Im.Actors.Relays;

/// <summary>Who a stored event brings in and takes out; for events that are read back instead of published.</summary>
internal readonly record struct GroupEvent(IReadOnlyList<string> Added, IReadOnlyList<string> Removed)
{
    private static readonly GroupEvent Nobody = new([], []);

    public static GroupEvent Of(StoredRecord record)
    {
        if (!record.IsEvent || record.Ext is null) return Nobody;
        using var ext = JsonDocument.Parse(record.Ext);
        var root = ext.RootElement;
        return (root.TryGetProperty("op", out var op) ? op.GetString() : null) switch
        {
            "create" => new GroupEvent([record.From, .. Names(root, "users")], []),
            "add" => new GroupEvent(Names(root, "users"), []),
            "remove" => new GroupEvent([], Names(root, "users")),
            "leave" => new GroupEvent([], [record.From]),
            "update" => new GroupEvent(Names(root, "add"), Names(root, "remove")),
            _ => Nobody,
        };
    }

    private static string[] Names(JsonElement root, string member) =>
        root.TryGetProperty(member, out var names) ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : [];
}
