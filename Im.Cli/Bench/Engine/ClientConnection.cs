namespace Im.Cli.Bench.Engine;

internal enum SocketState : byte
{
    Closed,
    Connecting,
    Upgrading,
    Open,
}

/// <summary>One client socket. Only the thread of its reactor touches it. Buffers are held only while a frame is incomplete.</summary>
internal sealed class ClientConnection(int index, int slot, uint mask)
{
    /// <summary>Number within the whole run; the user's name is made of it.</summary>
    public int Index { get; } = index;

    /// <summary>Number within the reactor.</summary>
    public int Slot { get; } = slot;

    public uint Mask { get; } = mask;

    public int Fd { get; set; } = -1;

    /// <summary>Number of the endpoint that it is, or was last, connected to.</summary>
    public int Endpoint { get; set; }

    public SocketState State { get; set; }

    /// <summary>What the crowd wants to know about this connection; the engine does not look at it.</summary>
    public byte Stage { get; set; }

    /// <summary>Its end is the run's own doing.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>A step is under way; its number, or 0.</summary>
    public byte Pending { get; set; }

    /// <summary>When the step under way began, in ticks of the stopwatch.</summary>
    public long PendingSince { get; set; }

    /// <summary>Code of the close frame that the server sent, or 0.</summary>
    public ushort CloseCode { get; set; }

    public ByteHold Incomplete;
    public ByteHold Fragments;
    public ByteHold Unsent;
}
