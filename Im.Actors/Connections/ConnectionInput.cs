using Im.Actors.Messages;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>What a lane tells a ConnectionActor, in the order in which it came from the socket.</summary>
/// <param name="Bytes">Of the message; given back as credit when it has been answered.</param>
public abstract record ConnectionInput(int Bytes) : ILocalMessage
{
    /// <param name="Data">Raw JSON of <c>data</c>, empty when absent.</param>
    /// <param name="IsBinary">It came in a binary frame.</param>
    public sealed record Command(int Bytes, string Seq, string Name, ReadOnlyMemory<byte> Data, bool IsBinary) : ConnectionInput(Bytes)
    {
        /// <summary>The envelope names a member twice.</summary>
        public bool IsAmbiguous { get; init; }
    }

    /// <summary>No JSON envelope.</summary>
    public sealed record Illegal(int Bytes, bool IsBinary) : ConnectionInput(Bytes);

    /// <summary>Over the connection's rate; answered with 1015, not carried out.</summary>
    public sealed record OverRate(int Bytes, string Seq, string Name) : ConnectionInput(Bytes);

    /// <summary>A step of the lane could not handle it; the connection ends with this code.</summary>
    public sealed record Poison(int Bytes, CloseCode Code) : ConnectionInput(Bytes);

    /// <summary>The last input.</summary>
    public sealed record SocketClosed() : ConnectionInput(0)
    {
        public static readonly SocketClosed Instance = new();
    }
}
