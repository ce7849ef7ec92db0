using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Im.Actors.Connections;

namespace Im.Node.Sockets;

/// <summary>
/// A write that waits for the kernel to have room. Only a blocked socket has one, for as long as it is blocked; spent ones are
/// used again, at most <see cref="SpareMaxCount"/> are kept.
/// </summary>
internal sealed class BlockedWrite() : SocketAsyncEventArgs(unsafeSuppressExecutionContextFlow: true)
{
    private const int SpareMaxCount = 64;

    private static readonly ConcurrentBag<BlockedWrite> Spare = [];

    private WebSocketConnection? _connection;
    private OutboundSlot? _slot;

    /// <summary>Writes the whole chunk, then tells the slot once; -1 when the socket broke.</summary>
    public static void Begin(Socket socket, ReadOnlyMemory<byte> chunk, WebSocketConnection connection, OutboundSlot slot)
    {
        if (!Spare.TryTake(out var write)) write = new BlockedWrite();
        write._connection = connection;
        write._slot = slot;
        write.SetBuffer(MemoryMarshal.AsMemory(chunk));
        try
        {
            if (!socket.SendAsync(write)) write.OnCompleted(write);
        }
        catch (ObjectDisposedException)
        {
            write.End(-1);
        }
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => End(SocketError == SocketError.Success ? BytesTransferred : -1);

    private void End(int bytes)
    {
        var slot = _slot!;
        var connection = _connection!;
        _slot = null;
        _connection = null;
        SetBuffer(default);
        if (Spare.Count < SpareMaxCount) Spare.Add(this);
        else Dispose();
        slot.WriteCompleted(bytes);
        if (bytes < 0) connection.Broken();
    }
}
