using System.Buffers.Text;

namespace Im.Cli.Bench.Wire;

/// <summary>
/// Reads <c>{"seq":"…","cmd":"…","response":{"code":200,…</c> by position: the node writes these keys first, in this order and without spaces, and a load tool must
/// not parse four million JSON trees. Anything else is <see cref="WireKind.Other"/>.
/// </summary>
internal static class ImEnvelope
{
    /// <summary>First letter of the <c>seq</c> of requests whose answers count; a server's own seq never begins with a small letter.</summary>
    public const char StepSeq = 'q', SendSeq = 's';

    public static WireMessage Read(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("{\"seq\":\""u8)) return default;
        var seq = message[8..];
        var seqEnd = seq.IndexOf((byte)'"');
        if (seqEnd < 0 || !seq[(seqEnd + 1)..].StartsWith(",\"cmd\":\""u8)) return default;
        var command = seq[(seqEnd + 9)..];
        var commandEnd = command.IndexOf((byte)'"');
        if (commandEnd < 0) return default;
        var rest = command[commandEnd..];
        command = command[..commandEnd];
        seq = seq[..seqEnd];

        if (command.SequenceEqual("enter"u8)) return Presence(WireKind.Enter, rest);
        if (command.SequenceEqual("exit"u8)) return Presence(WireKind.Exit, rest);
        if (command.SequenceEqual("msg"u8))
        {
            if (seq.Length > 0 && seq[0] == SendSeq) return new WireMessage(WireKind.Sent, Code: Code(rest), Number: Utf8Parser.TryParse(seq[1..], out int sent, out _) ? sent : -1);
            return Marker.TryRead(rest, out var number, out var sentAt) ? new WireMessage(WireKind.Broadcast, Number: number, SentAt: sentAt) : default;
        }
        if (seq.Length == 0 || seq[0] != StepSeq) return default;
        if (command.SequenceEqual("login"u8)) return WireMessage.Reply(Step.Login, Code(rest));
        if (command.SequenceEqual("join"u8)) return WireMessage.Reply(Step.Join, Code(rest));
        return command.SequenceEqual("heartbeat"u8) ? WireMessage.Reply(Step.Verify, Code(rest)) : default;
    }

    /// <summary><c>from</c> is the last member that can hold a <c>#</c>.</summary>
    private static WireMessage Presence(WireKind kind, ReadOnlySpan<byte> rest) =>
        Marker.TryReadName(rest, rest.LastIndexOf((byte)'#'), out var user) ? new WireMessage(kind, Number: user) : default;

    private static int Code(ReadOnlySpan<byte> rest)
    {
        var prefix = "\",\"response\":{\"code\":"u8;
        return rest.StartsWith(prefix) && Utf8Parser.TryParse(rest[prefix.Length..], out int code, out _) ? code : 0;
    }
}
