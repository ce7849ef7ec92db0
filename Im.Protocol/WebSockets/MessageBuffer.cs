using System.Buffers;

namespace Im.Protocol.WebSockets;

/// <summary>
/// Gathers a message that does not come in one piece. Holds a rented array only while there is something in it, at
/// most twice as large as what has really come in, whatever length a header announced.
/// </summary>
internal struct MessageBuffer
{
    private const int SmallestBytes = 256;

    private byte[]? _bytes;
    private int _length;

    public readonly int Length => _length;

    public readonly bool IsRented => _bytes is not null;

    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length == 0) return;
        Reserve(_length + piece.Length);
        piece.CopyTo(_bytes.AsSpan(_length));
        _length += piece.Length;
    }

    public void Release()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        _length = 0;
    }

    private void Reserve(int bytes)
    {
        if (_bytes is not null && _bytes.Length >= bytes) return;
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(SmallestBytes, bytes));
        Written.CopyTo(bigger);
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bigger;
    }
}
