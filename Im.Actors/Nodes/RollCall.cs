using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Sessions;
using Im.Protocol.Names;

namespace Im.Actors.Nodes;

/// <summary>A session asks the other nodes which connections of its user they hold.</summary>
internal static class RollCall
{
    /// <summary>Answered by <see cref="Done"/>, at most twice: after two seconds with what is known, and when all have answered or are gone.</summary>
    public sealed record Call(UserKey User, IActorRef Session) : ILocalMessage;

    /// <param name="IsComplete">False: a node has not answered, and may hold more.</param>
    public sealed record Done(IReadOnlyList<SessionCommands.Attach> Found, bool IsComplete) : ILocalMessage;
}
