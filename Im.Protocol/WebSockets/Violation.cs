namespace Im.Protocol.WebSockets;

/// <summary>Why a client's input ends its connection: the close code and the reason it is told. The reason is shorter than 123 bytes.</summary>
public sealed record Violation(CloseCode Code, string Reason)
{
    public static readonly Violation ReservedBits = new(CloseCode.ProtocolError, "reserved bits are set");
    public static readonly Violation ReservedOpcode = new(CloseCode.ProtocolError, "reserved opcode");
    public static readonly Violation NotMasked = new(CloseCode.ProtocolError, "frame is not masked");
    public static readonly Violation FragmentedControl = new(CloseCode.ProtocolError, "control frame is fragmented");
    public static readonly Violation LongControl = new(CloseCode.ProtocolError, "control frame is longer than 125 bytes");
    public static readonly Violation NothingToContinue = new(CloseCode.ProtocolError, "continuation without a message");
    public static readonly Violation MessageIsOpen = new(CloseCode.ProtocolError, "new message inside a fragmented one");
    public static readonly Violation LengthNotMinimal = new(CloseCode.ProtocolError, "length is not in its shortest form");
    public static readonly Violation LengthOverflow = new(CloseCode.ProtocolError, "length has its highest bit set");
    public static readonly Violation CloseBodyTooShort = new(CloseCode.ProtocolError, "close frame with one byte");
    public static readonly Violation CloseCodeInvalid = new(CloseCode.ProtocolError, "invalid close code");
    public static readonly Violation CloseReasonInvalid = new(CloseCode.InvalidPayload, "close reason is not UTF-8");
    public static readonly Violation TextInvalid = new(CloseCode.InvalidPayload, "text is not UTF-8");
    public static readonly Violation MessageTooBig = new(CloseCode.TooBig, "message is too big");
    public static readonly Violation TooManyFragments = new(CloseCode.TooBig, "message has too many fragments");
}
