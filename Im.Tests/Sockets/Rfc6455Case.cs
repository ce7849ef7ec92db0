using Im.Protocol.WebSockets;

namespace Im.Tests.Sockets;

/// <summary>
/// One row of the tables: what a client sends to the echo, and what it must read. After the answers the server either refuses with
/// a close code, or the client closes with 1000 and gets it back; in both cases the server ends the stream in order.
/// </summary>
/// <param name="Refusal">The close code of a refusal, or 0 when the connection stays open.</param>
internal sealed record Rfc6455Case(string Name, byte[] Sent, IReadOnlyList<Rfc6455Answer> Answers, int Refusal)
{
    /// <summary>The client's own close, when the case is about that: what is sent in place of 1000, and the code that comes back.</summary>
    public (byte[] Sent, int Echoed)? Closing { get; init; }

    public static Rfc6455Case Answered(string name, byte[] sent, params Rfc6455Answer[] answers) => new(name, sent, answers, 0);

    /// <param name="sent">Ends with the byte that is wrong: the refusal must not wait for more.</param>
    public static Rfc6455Case Refused(string name, int code, byte[] sent, params Rfc6455Answer[] answers) => new(name, sent, answers, code);

    public static Rfc6455Case Closed(string name, byte[] close, int echoed, byte[]? before = null, params Rfc6455Answer[] answers) =>
        new(name, before ?? [], answers, 0) { Closing = (close, echoed) };
}

internal sealed record Rfc6455Answer(Opcode Opcode, byte[] Payload)
{
    public static Rfc6455Answer Text(byte[] payload) => new(Opcode.Text, payload);

    public static Rfc6455Answer Text(string payload) => new(Opcode.Text, System.Text.Encoding.UTF8.GetBytes(payload));

    public static Rfc6455Answer Binary(byte[] payload) => new(Opcode.Binary, payload);

    public static Rfc6455Answer Pong(string payload) => new(Opcode.Pong, System.Text.Encoding.UTF8.GetBytes(payload));
}
