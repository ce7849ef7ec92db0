using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>A client's <c>{"seq","cmd","data"}</c>. Absent members are empty, as in the seed.</summary>
/// <param name="Data">The raw JSON of <c>data</c>; empty when absent or null.</param>
public readonly record struct RequestEnvelope(string Seq, string Command, ReadOnlyMemory<byte> Data)
{
    /// <summary>Levels of objects and arrays, the envelope's own among them.</summary>
    public const int MaxDepth = 32;

    /// <summary>A member was there twice. Level 0 goes on with the last one, level 2 refuses.</summary>
    public bool IsAmbiguous { get; init; }

    /// <summary>
    /// Reads an envelope (protocol.md §1): member names match without case, the last duplicate wins, unknown members
    /// are ignored, null is an empty envelope, and nothing is nested deeper than <see cref="MaxDepth"/>.
    /// </summary>
    /// <returns>False for what the seed calls illegal data: no JSON object, or a seq or cmd that is no string.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out RequestEnvelope envelope)
    {
        envelope = new RequestEnvelope("", "", default);
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read()) return false;
            if (reader.TokenType == JsonTokenType.Null) return !reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return false;
            return TryReadMembers(ref reader, json, ref envelope) && !reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref RequestEnvelope envelope)
    {
        string seq = "", command = "";
        byte[]? data = null;
        var seen = (Seq: false, Command: false, Data: false);
        var isAmbiguous = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonNames.Is(ref reader, "seq"u8))
            {
                isAmbiguous |= seen.Seq;
                seen.Seq = true;
                if (!TryReadText(ref reader, ref seq)) return false;
            }
            else if (JsonNames.Is(ref reader, "cmd"u8))
            {
                isAmbiguous |= seen.Command;
                seen.Command = true;
                if (!TryReadText(ref reader, ref command)) return false;
            }
            else if (JsonNames.Is(ref reader, "data"u8))
            {
                isAmbiguous |= seen.Data;
                seen.Data = true;
                data = ReadRaw(ref reader, json);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        envelope = new RequestEnvelope(seq, CommandNames.Intern(command), data) { IsAmbiguous = isAmbiguous };
        return true;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, ref string text)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return true;
        if (reader.TokenType != JsonTokenType.String) return false;
        text = reader.GetString()!;
        return true;
    }

    private static byte[]? ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isNull = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        return isNull ? null : json[start..(int)reader.BytesConsumed].ToArray();
    }
}
