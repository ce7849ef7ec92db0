using System.Text.Json;

namespace Im.Cli.Verify.Facts;

/// <summary>An <c>ext</c> as text that does not depend on the order of its members.</summary>
internal static class EventText
{
    public static string Of(JsonElement? ext)
    {
        if (ext is not { ValueKind: JsonValueKind.Object } members) return "";
        return string.Join(' ', members.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"{member.Name}={Value(member.Value)}"));
    }

    /// <summary>The members of one that <see cref="Of"/> made; lists are separated by commas.</summary>
    public static Dictionary<string, string> Read(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(Value)),
        JsonValueKind.String => value.GetString()!.Replace(' ', '_'),
        _ => value.GetRawText(),
    };
}
