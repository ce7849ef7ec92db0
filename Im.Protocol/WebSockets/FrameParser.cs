namespace Im.Protocol.WebSockets;

/// <summary>
/// Parses what a client sends (RFC 6455 §5 and §6.2) from pieces of any size. A message that lies whole in the input
/// is unmasked and handed out in place; only what is incomplete is copied. Not thread-safe. Between messages it holds
/// nothing (<see cref="IsIdle"/>), so that one parser can serve many sockets in turn.
/// </summary>
/// <remarks>
/// Bounds: a message has at most <see cref="MessageMaxBytes"/> bytes, decided at the header that would pass it, and at most
/// <see cref="FragmentsMaxCount"/> frames. Either ends in a <see cref="Violation"/>, after which all input is thrown away.
/// </remarks>
public sealed class FrameParser
{
    /// <summary>So many frames a message may have at any limit, see <see cref="FragmentsMaxCount"/>.</summary>
    public const int FragmentsAlwaysAllowedCount = 1024;

    private const int FragmentMeanMinBytes = 64;

    private readonly byte[] _headerBytes = new byte[FrameHeader.MaxBytes];
    private int _headerLength;
    private FrameHeader _header;
    private bool _inFrame;
    private int _left;              // bytes of the frame's payload that have not come in yet
    private uint _key;

    private Opcode _message;        // Continuation: no message is open
    private int _fragmentsCount;
    private MessageBuffer _payload;
    private Utf8Check _utf8;
    private MessageBuffer _control;
    private bool _delivered;
    private Violation? _violation;

    public FrameParser(int messageMaxBytes) => MessageMaxBytes = messageMaxBytes;

    /// <summary>A message of exactly so many bytes passes.</summary>
    public int MessageMaxBytes { get; set; }

    /// <summary>One frame for every 64 bytes of the largest message, so that a large one may come in small frames.</summary>
    public int FragmentsMaxCount => Math.Max(FragmentsAlwaysAllowedCount, MessageMaxBytes / FragmentMeanMinBytes);

    /// <summary>Nothing is half read: the parser may serve another socket.</summary>
    public bool IsIdle => _headerLength == 0 && !_inFrame && _message == Opcode.Continuation && _violation is null;

    /// <summary>Reads on until something is complete.</summary>
    /// <param name="input">Is unmasked in place; moved past what was used, and empty when the answer is NeedMore.</param>
    public ClientInput Read(ref Span<byte> input)
    {
        if (_delivered) Release();
        while (_violation is null)
        {
            if (!_inFrame && !TryReadHeader(ref input)) break;
            if (_header.IsControl ? TryReadControl(ref input, out var read) : TryReadData(ref input, out read)) return read;
            if (_inFrame) break;
        }

        if (_violation is null) return ClientInput.NeedMore;
        input = default;
        return ClientInput.Broken(_violation);
    }

    /// <summary>Gives back what the last answer pointed at, and with <paramref name="all"/> what is half read too.</summary>
    public void Release(bool all = false)
    {
        _delivered = false;
        if (all || _message == Opcode.Continuation) _payload.Release();
        if (all || !_inFrame) _control.Release();
    }

    /// <summary>§5.2: the header, from however many pieces; the message limit is decided here, before anything is buffered.</summary>
    private bool TryReadHeader(ref Span<byte> input)
    {
        var kept = _headerLength;
        var bytes = kept == 0 ? input : Join(input);
        _violation = FrameHeader.Check(bytes, _message != Opcode.Continuation);
        if (_violation is not null) return false;

        var length = FrameHeader.LengthOf(bytes);
        if (bytes.Length < length)
        {
            if (kept == 0) bytes.CopyTo(_headerBytes);
            _headerLength = bytes.Length;
            input = default;
            return false;
        }

        _header = FrameHeader.Parse(bytes);
        _headerLength = 0;
        input = input[(length - kept)..];
        _violation = _header.IsControl ? null : CheckLimits();
        _left = (int)_header.PayloadLength;
        _key = _header.MaskingKey;
        _inFrame = _violation is null;
        return _inFrame;
    }

    private Span<byte> Join(ReadOnlySpan<byte> input)
    {
        var room = _headerBytes.AsSpan(_headerLength);
        var taken = Math.Min(room.Length, input.Length);
        input[..taken].CopyTo(room);
        return _headerBytes.AsSpan(0, _headerLength + taken);
    }

    private Violation? CheckLimits()
    {
        if (_header.PayloadLength > MessageMaxBytes - _payload.Length) return Violation.MessageTooBig;
        return ++_fragmentsCount > FragmentsMaxCount ? Violation.TooManyFragments : null;
    }

    /// <summary>§5.5: a control frame may stand between the fragments of a message and is handled at once.</summary>
    private bool TryReadControl(ref Span<byte> input, out ClientInput read)
    {
        read = default;
        var piece = Take(ref input);
        if (_inFrame || _control.IsRented)
        {
            _control.Append(piece);
            if (_inFrame) return false;
            piece = default;
        }

        ReadOnlySpan<byte> body = _control.IsRented ? _control.Written : piece;
        _delivered = true;
        switch (_header.Opcode)
        {
            case Opcode.Ping:
                read = ClientInput.Of(ClientInputKind.Ping, body);
                return true;
            case Opcode.Pong:
                read = ClientInput.Of(ClientInputKind.Pong, body);
                return true;
            default:
                _violation = CloseBody.Read(body, out var code);
                read = ClientInput.Close(code, body);
                return _violation is null;
        }
    }

    /// <summary>§5.4 fragments and §8.1 text: a wrong byte is refused when it comes in, not when the message is complete.</summary>
    private bool TryReadData(ref Span<byte> input, out ClientInput read)
    {
        read = default;
        if (_header.Opcode != Opcode.Continuation) _message = _header.Opcode;
        var piece = Take(ref input);
        var isText = _message == Opcode.Text;
        if (isText && !_utf8.Append(piece)) return Break(Violation.TextInvalid);

        var isComplete = !_inFrame && _header.IsFinal;
        var isWhole = isComplete && !_payload.IsRented;
        if (!isWhole) _payload.Append(piece);
        if (!isComplete) return false;
        if (isText && !_utf8.IsComplete) return Break(Violation.TextInvalid);

        _message = Opcode.Continuation;
        _fragmentsCount = 0;
        _delivered = true;
        read = ClientInput.Of(isText ? ClientInputKind.Text : ClientInputKind.Binary, isWhole ? piece : _payload.Written);
        return true;
    }

    /// <summary>§5.3: what has come in of the frame's payload, unmasked.</summary>
    private Span<byte> Take(ref Span<byte> input)
    {
        var piece = input[..Math.Min(_left, input.Length)];
        input = input[piece.Length..];
        _key = Masking.Apply(piece, _key);
        _left -= piece.Length;
        _inFrame = _left > 0;
        return piece;
    }

    private bool Break(Violation violation)
    {
        _violation = violation;
        return false;
    }
}
