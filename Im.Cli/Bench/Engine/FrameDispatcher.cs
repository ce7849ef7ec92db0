using System.Buffers.Binary;
using Im.Protocol.WebSockets;

namespace Im.Cli.Bench.Engine;

/// <summary>Turns received bytes into messages: whole frames where they lie, fragments gathered, control frames answered (RFC 6455 §5.4, §5.5).</summary>
internal static class FrameDispatcher
{
    /// <summary>Returns the bytes used up; the rest is an incomplete frame. Ends early when the connection is closed on the way.</summary>
    public static int Dispatch(Reactor reactor, IReactorHandler handler, ClientConnection connection, ReadOnlySpan<byte> data, long now)
    {
        var used = 0;
        while (connection.State == SocketState.Open)
        {
            var status = FrameReader.TryRead(data[used..], out var frame);
            if (status == FrameStatus.Incomplete) break;
            if (status == FrameStatus.Invalid)
            {
                reactor.Close(connection, "invalid frame from the server", reset: true);
                break;
            }
            var payload = data.Slice(used + frame.HeaderLength, frame.PayloadLength);
            used += frame.Length;
            if ((byte)frame.Opcode >= 8) OnControl(reactor, connection, frame.Opcode, payload);
            else OnData(handler, connection, frame, payload, now);
        }
        return used;
    }

    private static void OnData(IReactorHandler handler, ClientConnection connection, in FrameView frame, ReadOnlySpan<byte> payload, long now)
    {
        if (frame.Final && frame.Opcode != Opcode.Continuation)
        {
            handler.OnMessage(connection, payload, now);
            return;
        }
        connection.Fragments.Append(payload);
        if (!frame.Final) return;
        handler.OnMessage(connection, connection.Fragments.Span, now);
        connection.Fragments.Clear();
    }

    private static void OnControl(Reactor reactor, ClientConnection connection, Opcode opcode, ReadOnlySpan<byte> payload)
    {
        switch (opcode)
        {
            case Opcode.Ping:
                reactor.SendFrame(connection, Opcode.Pong, payload);
                break;
            case Opcode.Close:
                connection.CloseCode = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : (ushort)1005;
                reactor.SendFrame(connection, Opcode.Close, payload[..Math.Min(payload.Length, 2)]);
                break;
            default:
                break;
        }
    }
}
