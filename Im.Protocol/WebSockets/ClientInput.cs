namespace Im.Protocol.WebSockets;

public enum ClientInputKind : byte
{
    /// <summary>The input is used up; what was incomplete is kept by the parser.</summary>
    NeedMore,
    Text,
    Binary,
    Ping,
    Pong,
    Close,

    /// <summary>A rule was broken; whatever follows is not read any more.</summary>
    Violation,
}

/// <summary>One thing that a client said: a whole message or a control frame, unmasked and checked.</summary>
public readonly ref struct ClientInput
{
    private ClientInput(ClientInputKind kind, ReadOnlySpan<byte> payload, int closeCode, Violation? violation)
    {
        Kind = kind;
        Payload = payload;
        CloseCode = closeCode;
        Violation = violation;
    }

    public ClientInputKind Kind { get; }

    /// <summary>The message, or a control frame's body. Valid until the parser is called again.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Of a close frame: its code, 1005 when it had none.</summary>
    public int CloseCode { get; }

    /// <summary>Set exactly when <see cref="Kind"/> says so.</summary>
    public Violation? Violation { get; }

    internal static ClientInput NeedMore => default;

    internal static ClientInput Of(ClientInputKind kind, ReadOnlySpan<byte> payload) => new(kind, payload, 0, null);

    internal static ClientInput Close(int code, ReadOnlySpan<byte> body) => new(ClientInputKind.Close, body, code, null);

    internal static ClientInput Broken(Violation violation) => new(ClientInputKind.Violation, default, 0, violation);
}
