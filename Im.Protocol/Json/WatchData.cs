using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>watch</c>: <c>{"users":["bob",…]}</c>.</summary>
public static class WatchData
{
    /// <param name="users">Null when the member is absent.</param>
    /// <returns>False when a type is wrong.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out List<string>? users)
    {
        users = null;
        if (json.IsEmpty) return true;
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && TryReadMembers(ref reader, ref users);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadMembers(ref Utf8JsonReader reader, ref List<string>? users)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsers = JsonNames.Is(ref reader, "users"u8);
            reader.Read();
            if (!isUsers) reader.Skip();
            else if (!TryReadNames(ref reader, ref users)) return false;
        }

        return true;
    }

    private static bool TryReadNames(ref Utf8JsonReader reader, ref List<string>? users)
    {
        if (reader.TokenType == JsonTokenType.Null) return true;
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        users = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.String) users.Add(reader.GetString()!);
        return reader.TokenType == JsonTokenType.EndArray;
    }
}
