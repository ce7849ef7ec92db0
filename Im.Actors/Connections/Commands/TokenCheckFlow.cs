using Akka.Actor;
using Im.Actors.Messages;
using Im.Actors.Sessions;

namespace Im.Actors.Connections.Commands;

/// <summary>A token whose key is being fetched: the commands behind it wait until it has been checked.</summary>
internal sealed class TokenCheckFlow : CommandFlow
{
    private readonly Func<IConnection, TokenCheck, bool> _then;

    private TokenCheckFlow(Func<IConnection, TokenCheck, bool> then) => _then = then;

    private sealed record Checked(TokenCheckFlow Flow, TokenCheck Check) : ILocalMessage;

    public static void Start(IConnection connection, Task<TokenCheck> check, Func<IConnection, TokenCheck, bool> then)
    {
        var flow = new TokenCheckFlow(then);
        connection.Suspend(flow);
        check.PipeTo(
            connection.Self,
            success: done => new Checked(flow, done),
            failure: _ => new Checked(flow, new TokenCheck(TokenVerdict.Unavailable)));
    }

    public override bool OnMessage(IConnection connection, object message)
    {
        if (message is not Checked done || done.Flow != this) return false;
        if (!_then(connection, done.Check)) connection.Resume();
        return true;
    }
}
