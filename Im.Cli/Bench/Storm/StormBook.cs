using Im.Cli.Bench.Clients;
using Im.Cli.Bench.Engine;
using Im.Cli.Bench.Room;
using Im.Cli.Bench.Wire;

namespace Im.Cli.Bench.Storm;

/// <summary>
/// The clients' end: each message of a client's room has to come to it once and in order, be it pushed or handed over in the answer to its login. As every client does, it passes over
/// a message that it has already (docs/protocol.md), and counts it apart.
/// </summary>
internal sealed class StormBook(int clients) : IPushSink
{
    private readonly DeliveryBook _book = new(clients, 0);
    private long _inAnswers;
    private long _pushed;
    private int _notRecovered;

    /// <summary>Messages that came in answers to logins.</summary>
    public long InAnswers => Interlocked.Read(ref _inAnswers);

    /// <summary>Messages that came as pushes.</summary>
    public long Pushed => Interlocked.Read(ref _pushed);

    /// <summary>Logins that were told that not everything after their cursor was in the answer.</summary>
    public int NotRecovered => Volatile.Read(ref _notRecovered);

    /// <summary>Connections that ended without being cut.</summary>
    public int Lost { get; private set; }

    /// <summary>Number of the last message that a client has, or −1.</summary>
    public int Have(int client) => _book.NextOf(client) - 1;

    /// <summary>Messages that a client had already when they came.</summary>
    public long Repeated => _book.Close([]).Doubled;

    public DeliveryFaults Check(IReadOnlyList<int> ends) => _book.Close(ends) with { Doubled = 0 };

    public void OnPush(ClientConnection connection, in WireMessage push, long now)
    {
        if (push.Kind == WireKind.Broadcast && _book.Note(connection.Index, push.Number)) Interlocked.Increment(ref _pushed);
    }

    public void OnReply(ClientConnection connection, in WireMessage reply, ReadOnlySpan<byte> message)
    {
        if (reply.Step != Step.Login) return;
        if (message.IndexOf("\"recovered\":false"u8) >= 0) Interlocked.Increment(ref _notRecovered);
        for (var at = message.IndexOf((byte)'#'); at >= 0;)
        {
            message = message[at..];
            var isMarker = Marker.TryRead(message, out var number, out _);
            if (isMarker && _book.Note(connection.Index, number)) Interlocked.Increment(ref _inAnswers);
            message = message[(isMarker ? Marker.Length : 1)..];
            at = message.IndexOf((byte)'#');
        }
    }

    public void OnLost(ClientConnection connection, string cause, long now) => Lost++;
}
