using Akka.Actor;
using Im.Protocol;

namespace Im.Actors.Connections;

/// <summary>What a ConnectionActor is told by other hops. All stay on the node.</summary>
public static class ConnectionCommands
{
    /// <summary>The reader missed records of these conversations; it is told once.</summary>
    internal sealed record SyncRequired(IReadOnlyCollection<string> Conversations) : INoSerializationVerificationNeeded;

    /// <summary>End the connection: push <c>kicked</c> to a level 2 client where <paramref name="Reason"/> says so, then close.</summary>
    public sealed record Close(CloseCode Code, string Reason, bool TellKicked) : INoSerializationVerificationNeeded;
}
