using Google.Protobuf;

namespace Im.Node.Clustering.Door;

/// <summary>
/// Reads the first message of a connection between nodes (Akka's WireFormats.proto): AkkaProtocolMessage.instruction.handshakeInfo.origin.hostname.
/// </summary>
internal static class AssociateOrigin
{
    /// <summary>Field numbers on the way to the host.</summary>
    private static readonly int[] Path = [2, 2, 1, 2];

    /// <returns>Null when there is none, or when a field on the way stands twice, which another reader could read differently.</returns>
    public static string? HostIn(ByteString message)
    {
        try
        {
            var part = message;
            foreach (var number in Path)
            {
                if (FieldOf(part, number) is not { } inner) return null;
                part = inner;
            }

            return part.IsEmpty ? null : part.ToStringUtf8();
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static ByteString? FieldOf(ByteString message, int number)
    {
        ByteString? found = null;
        var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) != number) input.SkipLastField();
            else if (found is not null || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited) return null;
            else found = input.ReadBytes();
        }

        return found;
    }
}
