namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>heartbeat</c>: an object or absent. Only the type of <c>userId</c> is looked at, as the seed does.</summary>
public static class HeartbeatData
{
    /// <param name="heads">What the client has of each conversation; null when it says nothing (or something else: level 0 may).</param>
    public static bool TryRead(ReadOnlySpan<byte> json, out Dictionary<string, long>? heads)
    {
        string? user = null;
        Dictionary<string, long>? given = null;
        var valid = DataReader.TryRead(json, out _, (ref FieldReader reader) =>
            reader.Is("heads"u8) ? reader.TryMarks(ref given) : !reader.Is("userid"u8) || reader.TryString(ref user), allowsRepeats: true);
        heads = given;
        return valid;
    }
}
