namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>watch</c>: <c>{"users":["bob",…]}</c>.</summary>
public static class WatchData
{
    /// <param name="users">Null when the member is absent.</param>
    /// <returns>False when a type is wrong.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out List<string>? users)
    {
        List<string>? given = null;
        var valid = DataReader.TryRead(json, out _, (ref FieldReader reader) => !reader.Is("users"u8) || reader.TryStrings(ref given));
        users = given;
        return valid;
    }
}
