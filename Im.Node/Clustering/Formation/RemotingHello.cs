using System.Buffers.Binary;
using Akka.Actor;
using Google.Protobuf;

namespace Im.Node.Clustering.Formation;

internal enum HelloOutcome
{
    /// <summary>It told its address.</summary>
    Answered,

    /// <summary>It closed the connection.</summary>
    Closed,

    /// <summary>It said nothing.</summary>
    Silent,

    /// <summary>It said what no node says.</summary>
    Stranger,
}

/// <summary>
/// Asks what listens on a remoting port for its name, as Akka.Remote's nodes greet each other: both send an Associate with their own
/// address. Ours names a system that nobody has, so that a node takes the caller for no member.
/// </summary>
/// <remarks>A frame is four bytes of length, little endian, and an AkkaProtocolMessage of Akka's WireFormats.proto.</remarks>
internal static class RemotingHello
{
    private const string ProbeSystem = "im-probe";
    private const int LengthBytes = 4;
    private const int AnswerMaxBytes = 4096;

    private const int InstructionField = 2;
    private const int CommandField = 1;
    private const int HandshakeField = 2;
    private const int OriginField = 1;
    private const int UidField = 2;
    private const int AssociateCommand = 1;

    /// <returns>With its address when it answered.</returns>
    /// <param name="self">The caller, as others would reach it.</param>
    public static async Task<(HelloOutcome Outcome, Address? Address)> AskAsync(Stream stream, Address self, TimeSpan patience, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(patience);
        try
        {
            await stream.WriteAsync(Frame(Associate(self.WithSystem(ProbeSystem))), bound.Token).ConfigureAwait(false);
            var length = new byte[LengthBytes];
            if (await stream.ReadAtLeastAsync(length, LengthBytes, throwOnEndOfStream: false, bound.Token).ConfigureAwait(false) < LengthBytes) return (HelloOutcome.Closed, null);
            var size = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (size is <= 0 or > AnswerMaxBytes) return (HelloOutcome.Stranger, null);
            var answer = new byte[size];
            if (await stream.ReadAtLeastAsync(answer, size, throwOnEndOfStream: false, bound.Token).ConfigureAwait(false) < size) return (HelloOutcome.Closed, null);
            return Origin(answer) is { } address ? (HelloOutcome.Answered, address) : (HelloOutcome.Stranger, null);
        }
        catch (OperationCanceledException)
        {
            return (HelloOutcome.Silent, null);
        }
        catch (IOException)
        {
            return (HelloOutcome.Closed, null);
        }
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[LengthBytes + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, LengthBytes);
        return frame;
    }

    private static byte[] Associate(Address origin)
    {
        var address = Write(output =>
        {
            Text(output, 1, origin.System);
            Text(output, 2, origin.Host);
            output.WriteTag(3, WireFormat.WireType.Varint);
            output.WriteUInt32((uint)(origin.Port ?? 0));
            Text(output, 4, origin.Protocol);
        });
        var handshake = Write(output =>
        {
            Part(output, OriginField, address);
            output.WriteTag(UidField, WireFormat.WireType.Fixed64);
            output.WriteFixed64((ulong)Random.Shared.Next());
        });
        var instruction = Write(output =>
        {
            output.WriteTag(CommandField, WireFormat.WireType.Varint);
            output.WriteEnum(AssociateCommand);
            Part(output, HandshakeField, handshake);
        });
        return Write(output => Part(output, InstructionField, instruction));
    }

    private static Address? Origin(byte[] message)
    {
        try
        {
            if (Field(message, InstructionField) is not { } instruction || Field(instruction, HandshakeField) is not { } handshake || Field(handshake, OriginField) is not { } origin) return null;
            var input = new CodedInputStream(origin);
            string system = "", host = "", protocol = "";
            var port = 0;
            while (input.ReadTag() is > 0 and var tag)
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case 1: system = input.ReadString(); break;
                    case 2: host = input.ReadString(); break;
                    case 3: port = (int)input.ReadUInt32(); break;
                    case 4: protocol = input.ReadString(); break;
                    default: input.SkipLastField(); break;
                }
            }

            return new Address(protocol, system, host, port);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[]? Field(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is > 0 and var tag)
        {
            if (tag == WireFormat.MakeTag(field, WireFormat.WireType.LengthDelimited)) return input.ReadBytes().ToByteArray();
            input.SkipLastField();
        }

        return null;
    }

    private static byte[] Write(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        write(output);
        output.Flush();
        return bytes.ToArray();
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Part(CodedOutputStream output, int field, byte[] part)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(part));
    }
}
