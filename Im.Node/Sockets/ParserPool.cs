using Im.Protocol.WebSockets;

namespace Im.Node.Sockets;

/// <summary>
/// Parsers and scratch buffers of the reading threads. A socket keeps a parser only while it is in the middle of a message,
/// so that an idle one holds neither.
/// </summary>
internal static class ParserPool
{
    /// <summary>What one read takes at most.</summary>
    public const int ScratchBytes = 64 * 1024;

    [ThreadStatic]
    private static byte[]? t_scratch;

    [ThreadStatic]
    private static FrameParser? t_spare;

    /// <summary>This thread's; whatever is in it is gone at the next turn.</summary>
    public static byte[] Scratch => t_scratch ??= GC.AllocateUninitializedArray<byte>(ScratchBytes, pinned: true);

    public static FrameParser Rent(int messageMaxBytes)
    {
        var parser = t_spare ?? new FrameParser(messageMaxBytes);
        t_spare = null;
        parser.MessageMaxBytes = messageMaxBytes;
        return parser;
    }

    /// <param name="parser">Idle, see <see cref="FrameParser.IsIdle"/>.</param>
    public static void Return(FrameParser parser)
    {
        parser.Release();
        t_spare = parser;
    }
}
