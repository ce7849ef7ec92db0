using Akka.Actor;
using Im.Actors.Messages;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>What a ConnectionActor is told by other hops.</summary>
public static class ConnectionCommands
{
    /// <summary>Hand a push to the socket; what becomes of it is told to <paramref name="ReplyTo"/> as PushEvents.DeviceResult.</summary>
    public sealed record Deliver(string MessageId, PushFrames Frames, IActorRef ReplyTo) : IClusterMessage
    {
        /// <summary>Of a stored record its place: the client acknowledges it. Null for what is not numbered.</summary>
        public RecordPlace? Record { get; init; }
    }

    /// <summary>End the connection: push <c>kicked</c> to a level 2 client first where asked, then close.</summary>
    /// <param name="Platform">Of the login that takes the place; null when there is none, or it names none.</param>
    /// <param name="Device">Of that login, likewise.</param>
    public sealed record Close(CloseCode Code, string Reason, bool TellKicked, string? Platform = null, string? Device = null) : IClusterMessage;

    /// <summary>The token ends in a minute; a level 2 client is told.</summary>
    internal sealed record TokenExpiring(long EndsAtMs) : ILocalMessage;

    /// <summary>The reader missed records of these conversations; it is told once.</summary>
    internal sealed record SyncRequired(IReadOnlyCollection<string> Conversations) : ILocalMessage;

    /// <summary>A node is out of the cluster: what is under way to entities that were there went nowhere, and goes again to their new place.</summary>
    internal sealed record Repeat : ILocalMessage
    {
        public static readonly Repeat Instance = new();
    }

    /// <summary>The node drains, and this connection's time has come: a level 2 client is told to leave within so long. It is served meanwhile.</summary>
    internal sealed record GoAway(long AfterMs) : ILocalMessage;

    /// <summary>The node drains, and this connection's time is over: answer what is in flight, flush, close (level 2: 4200, level 0: 1001).</summary>
    internal sealed record Drain : ILocalMessage
    {
        public static readonly Drain Instance = new();
    }
}
