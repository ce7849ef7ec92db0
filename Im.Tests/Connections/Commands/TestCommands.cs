using System.Collections.Concurrent;
using Im.Actors.Connections;
using Im.Actors.Connections.Commands;

namespace Im.Tests.Connections.Commands;

/// <summary>A command that the product does not have: one class, registered in one line, and it is served.</summary>
internal sealed class ReverseHandler : ICommandHandler
{
    public string Command => "reverse";

    public bool NeedsLogin => true;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        var text = System.Text.Json.JsonSerializer.Deserialize<string>(command.Data.Span)!;
        connection.Reply(command, System.Text.Encoding.UTF8.GetBytes($"\"{string.Concat(text.Reverse())}\""));
    }
}

/// <summary>A handler with a bug.</summary>
internal sealed class ThrowingHandler : ICommandHandler
{
    public string Command => "throw";

    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public void Handle(IConnection connection, ConnectionInput.Command command) => throw new InvalidOperationException("A bug in a handler.");
}

/// <summary>Answers when the test lets it.</summary>
internal sealed class SlowHandler : ICommandHandler
{
    private readonly ConcurrentBag<(Akka.Actor.IActorRef Connection, Done Done)> _open = [];

    public string Command => "slow";

    public bool NeedsLogin => false;

    public bool IsLevel2Only => false;

    public int OpenCount => _open.Count;

    public void Handle(IConnection connection, ConnectionInput.Command command)
    {
        connection.Suspend(new Flow(command));
        _open.Add((connection.Self, new Done()));
    }

    public void AnswerAll()
    {
        while (_open.TryTake(out var open)) open.Connection.Tell(open.Done, Akka.Actor.ActorRefs.NoSender);
    }

    private sealed record Done : Im.Actors.Messages.ILocalMessage;

    private sealed class Flow(ConnectionInput.Command command) : CommandFlow
    {
        public override bool OnMessage(IConnection connection, object message)
        {
            if (message is not Done) return false;
            connection.Reply(command);
            connection.Resume();
            return true;
        }
    }
}
