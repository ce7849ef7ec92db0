using System.Runtime.Serialization;
using Google.Protobuf;
using Im.Actors.Connections;
using Im.Actors.Messages;

namespace Im.Actors.Serialization;

/// <summary>Frames travel as the bytes that they are; here they are neither decoded nor copied.</summary>
internal static class FrameMapping
{
    public static Wire.Frames ToWire(this PushFrames frames) => new() { Level0 = frames.Level0?.ToWire(), Level2 = frames.Level2?.ToWire() };

    public static PushFrames FromWire(this Wire.Frames? frames) => new(Required.Of(frames).Level0?.FromWire(), frames!.Level2?.FromWire());

    public static Wire.Frame ToWire(this Frame frame)
    {
        var wire = new Wire.Frame { Wire = UnsafeByteOperations.UnsafeWrap(frame.Wire), Kind = ToWire(frame.Kind), Messages = frame.MessagesCount };
        if (frame.Key is not null) wire.Key = frame.Key;
        return wire;
    }

    public static Frame FromWire(this Wire.Frame? frame)
    {
        var bytes = Required.Of(frame).Wire.Memory;
        return new Frame(bytes, FromWire(frame!.Kind), frame.HasKey ? frame.Key : null) { MessagesCount = frame.Messages };
    }

    private static Wire.FrameKind ToWire(FrameKind kind) => kind switch
    {
        FrameKind.Reply => Wire.FrameKind.Reply,
        FrameKind.Record => Wire.FrameKind.Record,
        _ => Wire.FrameKind.Ephemeral,
    };

    private static FrameKind FromWire(Wire.FrameKind kind) => kind switch
    {
        Wire.FrameKind.Reply => FrameKind.Reply,
        Wire.FrameKind.Record => FrameKind.Record,
        Wire.FrameKind.Ephemeral => FrameKind.Ephemeral,
        _ => throw new SerializationException("A frame of no kind that this version knows."),
    };
}
