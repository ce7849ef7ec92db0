using System.Buffers;

namespace Im.Cli.Bench.Engine;

/// <summary>Bytes that wait for more; holds no memory while empty. A mutable structure: a field, never copied.</summary>
internal struct ByteHold
{
    private byte[]? _bytes;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        if (_bytes is null || _bytes.Length < Count + bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Count + bytes.Length);
            Span.CopyTo(larger);
            if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
        bytes.CopyTo(_bytes.AsSpan(Count));
        Count += bytes.Length;
    }

    /// <summary>Removes the first bytes; gives the buffer back when nothing is left.</summary>
    public void Skip(int count)
    {
        Count -= count;
        if (Count == 0) Clear();
        else _bytes.AsSpan(count, Count).CopyTo(_bytes);
    }

    public void Clear()
    {
        if (_bytes is not null) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = null;
        Count = 0;
    }
}
