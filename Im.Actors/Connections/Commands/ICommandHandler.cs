namespace Im.Actors.Connections.Commands;

/// <summary>
/// One command of the protocol. Adding a command is one class and one registration: <c>services.AddSingleton&lt;ICommandHandler, MyHandler&gt;()</c>.
/// Handlers are shared by all connections and hold no state of a connection.
/// </summary>
internal interface ICommandHandler
{
    /// <summary>The <c>cmd</c> it answers; matched exactly.</summary>
    string Command { get; }

    /// <summary>True: before a login the router answers 1000 in its place.</summary>
    bool NeedsLogin { get; }

    /// <summary>True: a level 0 client is told that there is no such command (1010).</summary>
    bool IsLevel2Only { get; }

    /// <summary>
    /// Handles the command on the connection's own thread. Exactly one of: reply now by the connection's Reply or Fail; or take
    /// <see cref="IConnection.Suspend"/> and answer when its flow ends.
    /// </summary>
    void Handle(IConnection connection, ConnectionInput.Command command);
}

/// <summary>
/// A command under way whose answer needs other actors. Gets every message that the ConnectionActor does not know;
/// commands that come after it wait.
/// </summary>
internal abstract class CommandFlow
{
    /// <summary>Asks again: called when an owner may have moved. Must be harmless when the first request arrived.</summary>
    public virtual void Repeat(IConnection connection)
    {
    }

    /// <summary>Called every two seconds: asks again, or gives up.</summary>
    public virtual void Overdue(IConnection connection) => Repeat(connection);

    /// <summary>The connection ends while the flow is under way: take back what was asked of other actors.</summary>
    public virtual void Abandon(IConnection connection)
    {
    }

    /// <summary>An owner refused something that is no send: false when it is not this flow's.</summary>
    public virtual bool OnRefused(IConnection connection, Conversations.ConversationEvents.PostRefused refused) => false;

    /// <returns>False when the message is not for this flow.</returns>
    public abstract bool OnMessage(IConnection connection, object message);
}
