using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Clients;

/// <summary>Who counts what the server pushes. Called on the reactor's thread of the connection.</summary>
internal interface IPushSink
{
    /// <param name="now">Stopwatch when the bytes were read.</param>
    void OnPush(ClientConnection connection, in WireMessage push, long now);

    /// <summary>The answer to a step.</summary>
    /// <param name="message">The whole of it; valid during the call only.</param>
    void OnReply(ClientConnection connection, in WireMessage reply, ReadOnlySpan<byte> message)
    {
    }

    /// <summary>A connection that was up is gone, not by our own doing.</summary>
    void OnLost(ClientConnection connection, string cause, long now);

    /// <summary>After each batch of events of a reactor, and at least every <see cref="Engine.Reactor.WaitMs"/>: the place to send what is due.</summary>
    void OnTurn(int reactor, long now)
    {
    }
}
