using Im.Actors.Connections;

namespace Im.Actors.Messages;

/// <summary>One push, finished for each level; null where a level gets nothing of it.</summary>
public sealed record PushFrames(Frame? Level0, Frame? Level2)
{
    public Frame? For(ProtocolLevel level) => level == ProtocolLevel.Two ? Level2 : Level0;

    public int Bytes => (Level0?.Length ?? 0) + (Level2?.Length ?? 0);
}
