using Im.Actors.Connections;
using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// Answers to pings (RFC 6455 §5.5.3). For a reader that is behind only the newest is kept, as the section allows, and none
/// once its slot is full: a flood of pings fills no memory.
/// </summary>
internal static class Pong
{
    private const string Key = "pong";

    private static readonly Frame Empty = Encode([]);

    public static Frame Of(ReadOnlySpan<byte> payload) => payload.Length == 0 ? Empty : Encode(payload);

    private static Frame Encode(ReadOnlySpan<byte> payload) => new(FrameWriter.Encode(Opcode.Pong, payload), FrameKind.Ephemeral, Key);
}
