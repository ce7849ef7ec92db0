using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>history</c>. Absent members are null.</summary>
public sealed record HistoryData(string? Conversation, long? Before, long? After, long? Limit)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out HistoryData data, out string? field)
    {
        string? conversation = null;
        long? before = null, after = null, limit = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("conv"u8) ? reader.TryString(ref conversation)
            : reader.Is("before"u8) ? reader.TryInteger(ref before)
            : reader.Is("after"u8) ? reader.TryInteger(ref after)
            : !reader.Is("limit"u8) || reader.TryInteger(ref limit));
        data = new HistoryData(conversation, before, after, limit);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>ack</c>: cumulative marks by conversation.</summary>
public sealed record AckData(IReadOnlyDictionary<string, long> Acks, IReadOnlyDictionary<string, long> Skips)
{
    private static readonly Dictionary<string, long> None = [];

    public static bool TryRead(ReadOnlySpan<byte> json, out AckData data, out string? field)
    {
        Dictionary<string, long>? acks = null, skips = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("acks"u8) ? reader.TryMarks(ref acks) : !reader.Is("skip"u8) || reader.TryMarks(ref skips));
        data = new AckData(acks ?? None, skips ?? None);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>read</c>.</summary>
public sealed record ReadData(string? Conversation, long? Mseq)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out ReadData data, out string? field)
    {
        string? conversation = null;
        long? mseq = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("conv"u8) ? reader.TryString(ref conversation) : !reader.Is("mseq"u8) || reader.TryInteger(ref mseq));
        data = new ReadData(conversation, mseq);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>typing</c>.</summary>
public sealed record TypingData(string? Conversation, string? State)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out TypingData data, out string? field)
    {
        string? conversation = null, state = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("conv"u8) ? reader.TryString(ref conversation) : !reader.Is("state"u8) || reader.TryString(ref state));
        data = new TypingData(conversation, state);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>edit</c> and <c>recall</c>.</summary>
public sealed record AmendData(string? Conversation, long? Mseq, string? Text, string? Cid)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out AmendData data, out string? field)
    {
        string? conversation = null, text = null, cid = null;
        long? mseq = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("conv"u8) ? reader.TryString(ref conversation)
            : reader.Is("mseq"u8) ? reader.TryInteger(ref mseq)
            : reader.Is("msg"u8) ? reader.TryString(ref text)
            : !reader.Is("cid"u8) || reader.TryString(ref cid));
        data = new AmendData(conversation, mseq, text, cid);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>convs</c>.</summary>
public sealed record ConversationsData(long? Limit, string? After)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out ConversationsData data, out string? field)
    {
        string? after = null;
        long? limit = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("limit"u8) ? reader.TryInteger(ref limit) : !reader.Is("after"u8) || reader.TryString(ref after));
        data = new ConversationsData(limit, after);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>group</c>.</summary>
public sealed record GroupData(string? Operation, string? Conversation, string? Name, IReadOnlyList<string>? Users, string? Role, string? Cid)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out GroupData data, out string? field)
    {
        string? operation = null, conversation = null, name = null, role = null, cid = null;
        List<string>? users = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) =>
            reader.Is("op"u8) ? reader.TryString(ref operation)
            : reader.Is("conv"u8) ? reader.TryString(ref conversation)
            : reader.Is("name"u8) ? reader.TryString(ref name)
            : reader.Is("users"u8) ? reader.TryStrings(ref users)
            : reader.Is("role"u8) ? reader.TryString(ref role)
            : !reader.Is("cid"u8) || reader.TryString(ref cid));
        data = new GroupData(operation, conversation, name, users, role, cid);
        return valid;
    }
}

/// <summary>The <c>data</c> of <c>sync</c>.</summary>
public sealed record SyncData(IReadOnlyDictionary<string, Cursor>? Cursors)
{
    public static bool TryRead(ReadOnlySpan<byte> json, out SyncData data, out string? field)
    {
        Dictionary<string, Cursor>? cursors = null;
        var valid = DataReader.TryRead(json, out field, (ref FieldReader reader) => !reader.Is("cursors"u8) || reader.TryCursors(ref cursors));
        data = new SyncData(cursors);
        return valid;
    }
}

/// <summary>Reads the members of a command's data by a function that is given each.</summary>
internal static class DataReader
{
    /// <returns>False when the member's type is wrong.</returns>
    public delegate bool Member(ref FieldReader reader);

    /// <param name="field">The member at fault, or null.</param>
    /// <param name="allowsRepeats">See <see cref="FieldReader"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, out string? field, Member member, bool allowsRepeats = false)
    {
        field = null;
        if (json.IsEmpty) return true;
        try
        {
            var reader = new FieldReader(json, allowsRepeats);
            if (!reader.Begin()) return false;
            while (reader.Next())
            {
                if (!member(ref reader))
                {
                    field = reader.Field;
                    return false;
                }

                reader.Skip();
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
