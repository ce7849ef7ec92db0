using Google.Protobuf;

namespace Im.Tests.Clustering.Strangers;

/// <summary>The first message of a connection between nodes, field by field as Akka's WireFormats.proto has it.</summary>
internal static class AssociateMessages
{
    public static byte[] Of(string system, string host, int port) => Field(2, Instruction(Origin(system, host, port)));

    /// <summary>An instruction that carries this origin.</summary>
    public static byte[] Instruction(byte[] origin) => [.. Number(1, 1), .. Field(2, [.. Field(1, origin), .. Fixed64(2, 4711)])];

    public static byte[] Origin(string system, string host, int port) =>
        [.. Field(1, System.Text.Encoding.UTF8.GetBytes(system)), .. Field(2, System.Text.Encoding.UTF8.GetBytes(host)), .. Number(3, (ulong)port), .. Field(4, "akka.ssl.tcp"u8.ToArray())];

    public static byte[] Field(int number, byte[] content) => Written(output =>
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
    });

    private static byte[] Number(int field, ulong value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteUInt64(value);
    });

    private static byte[] Fixed64(int field, ulong value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Fixed64);
        output.WriteFixed64(value);
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true)) write(output);
        return stream.ToArray();
    }
}
