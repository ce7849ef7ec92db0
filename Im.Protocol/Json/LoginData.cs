using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>login</c>, both levels (protocol.md §2 and §4). Absent members are null or 0.</summary>
/// <param name="Version">2 for a level 2 client, 0 for the seed's.</param>
/// <param name="Try">Grows with every attempt of a device, so that a late one cannot push out a newer.</param>
public sealed record LoginData(
    long Version,
    string? UserId,
    long AppId,
    string? ServiceToken,
    string? Device,
    string? Platform,
    long Try,
    IReadOnlyDictionary<string, Cursor>? Cursors)
{
    /// <summary>
    /// Reads the data; false with the offending member when a type is wrong. A level 0 client may carry anything in the
    /// members that only level 2 knows, and any member twice.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out LoginData login, out string? field)
    {
        field = null;
        login = Empty;
        if (json.IsEmpty) return true;
        try
        {
            return TryReadMembers(json, out login, out field);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryReadMembers(ReadOnlySpan<byte> json, out LoginData login, out string? field)
    {
        long version = 0, app = 0, attempt = 0;
        string? user = null, token = null, device = null, platform = null, wrong0 = null, wrong2 = null;
        Dictionary<string, Cursor>? cursors = null;
        login = Empty;
        field = null;
        var reader = new FieldReader(json, allowsRepeats: true);
        if (!reader.Begin()) return false;
        while (reader.Next())
        {
            var valid = true;
            var seed = false;
            if (reader.Is("userid"u8)) (seed, valid) = (true, reader.TryString(ref user));
            else if (reader.Is("appid"u8)) (seed, valid) = (true, reader.TryInteger(ref app) && app <= uint.MaxValue);
            else if (reader.Is("servicetoken"u8)) (seed, valid) = (true, reader.TryString(ref token));
            else if (reader.Is("v"u8)) reader.TryInteger(ref version);
            else if (reader.Is("device"u8)) valid = reader.TryString(ref device);
            else if (reader.Is("platform"u8)) valid = reader.TryString(ref platform);
            else if (reader.Is("try"u8)) valid = reader.TryInteger(ref attempt);
            else if (reader.Is("cursors"u8)) valid = reader.TryCursors(ref cursors);
            if (reader.IsRepeated) wrong2 ??= reader.Field;
            if (!valid && seed) wrong0 ??= reader.Field;
            if (!valid && !seed) wrong2 ??= reader.Field;
            reader.Skip();
        }

        field = wrong0 ?? (version == 2 ? wrong2 : null);
        login = new LoginData(version, user, app, token, device, platform, attempt, cursors);
        return field is null;
    }

    private static readonly LoginData Empty = new(0, null, 0, null, null, null, 0, null);
}
