namespace Im.Protocol.Json;

/// <summary>The <c>data</c> of <c>join</c> and <c>leave</c>: <c>{"conv":"r:x"}</c>.</summary>
public static class RoomData
{
    public static bool TryRead(ReadOnlySpan<byte> json, out string? conversation)
    {
        string? given = null;
        var valid = DataReader.TryRead(json, out _, (ref FieldReader reader) => !reader.Is("conv"u8) || reader.TryString(ref given));
        conversation = given;
        return valid;
    }
}
