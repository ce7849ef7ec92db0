using System.Buffers;

namespace Im.Node.Sockets;

/// <summary>What had been read but not parsed when a socket paused: at most one scratch buffer full, rented until it is parsed.</summary>
internal struct HeldInput
{
    private byte[]? _bytes;
    private int _offset;
    private int _length;

    public readonly bool IsEmpty => _length == 0;

    public readonly Span<byte> Left => _bytes.AsSpan(_offset, _length);

    public void Hold(ReadOnlySpan<byte> rest)
    {
        if (rest.Length == 0) return;
        _bytes = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(_bytes);
        _offset = 0;
        _length = rest.Length;
    }

    /// <summary>Keeps only the last bytes of it.</summary>
    public void Keep(int length)
    {
        _offset += _length - length;
        _length = length;
        if (length == 0) Release();
    }

    public void Release()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        this = default;
    }
}
