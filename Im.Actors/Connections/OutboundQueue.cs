using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Im.Actors.Connections;

/// <summary>
/// The frames that wait in an outbound slot: one has its place here, as most wait alone; more are in a ring that is rented while
/// there are any. A mutable struct inside its slot, used with the slot locked; <see cref="Bytes"/> and <see cref="HoldsBuffer"/> may be read without.
/// </summary>
/// <remarks>Its bound is the slot's: what is pushed has passed the slot's check.</remarks>
internal struct OutboundQueue
{
    /// <summary>The shared pool's arrays are powers of two from 16 on, which the ring's mask needs.</summary>
    private const int SmallestRing = 16;

    private Entry _only;        // while there is no ring
    private Entry[]? _ring;
    private int _head;
    private int _count;
    private int _headOffset;    // bytes of the head frame that the kernel already has
    private int _bytes;

    private struct Entry
    {
        public Frame Frame;
        public WriteTicket? Ticket;
    }

    public readonly int Count => _count;

    public readonly bool IsEmpty => _count == 0;

    public readonly int Bytes => _bytes;

    public readonly bool HoldsBuffer => _ring is not null;

    public void Push(Frame frame, WriteTicket? ticket)
    {
        if (_count == (_ring?.Length ?? 1)) Grow();
        At(_count) = new Entry { Frame = frame, Ticket = ticket };
        _count++;
        _bytes += frame.Length;
    }

    /// <summary>Puts the frame behind the first so many, and behind one that is half written.</summary>
    /// <param name="headInUse">The head is being written by the transport.</param>
    public void Insert(Frame frame, int behind, bool headInUse)
    {
        Push(frame, null);
        var stop = Math.Max(behind, _headOffset > 0 || headInUse ? 1 : 0);
        for (var i = _count - 1; i > stop; i--)
        {
            ref var entry = ref At(i);
            ref var before = ref At(i - 1);
            (entry, before) = (before, entry);
        }
    }

    /// <summary>Puts a newer ephemeral in an older one's place; the head may be half written and stays.</summary>
    public bool Replace(Frame frame, WriteTicket? ticket)
    {
        for (var i = 1; i < _count; i++)
        {
            ref var entry = ref At(i);
            if (entry.Frame.Kind != FrameKind.Ephemeral || entry.Frame.Key != frame.Key) continue;
            entry.Ticket?.Complete(WriteOutcome.Dropped);
            _bytes += frame.Length - entry.Frame.Length;
            entry = new Entry { Frame = frame, Ticket = ticket };
            return true;
        }

        return false;
    }

    /// <summary>The next bytes to write: the head alone when it is large or alone, else whole frames side by side.</summary>
    public readonly ReadOnlySpan<byte> Gather(Span<byte> scratch)
    {
        var head = FrameAt(0).Wire.Span[_headOffset..];
        if (_count == 1 || head.Length >= scratch.Length) return head;
        head.CopyTo(scratch);
        var length = head.Length;
        for (var i = 1; i < _count; i++)
        {
            var wire = FrameAt(i).Wire.Span;
            if (length + wire.Length > scratch.Length) break;
            wire.CopyTo(scratch[length..]);
            length += wire.Length;
        }

        return scratch[..length];
    }

    /// <summary>What is left of the head frame, at most so many bytes.</summary>
    public readonly ReadOnlyMemory<byte> HeadRest(int maxBytes)
    {
        var wire = FrameAt(0).Wire;
        return wire.Slice(_headOffset, Math.Min(maxBytes, wire.Length - _headOffset));
    }

    /// <summary>The kernel took so many bytes.</summary>
    /// <returns>Messages that are now written whole.</returns>
    public int Consume(int bytes)
    {
        var messages = 0;
        while (_count > 0)
        {
            ref var entry = ref At(0);
            var left = entry.Frame.Length - _headOffset;
            if (bytes < left)
            {
                _headOffset += bytes;
                break;
            }

            bytes -= left;
            messages += entry.Frame.MessagesCount;
            _headOffset = 0;
            TakeHead(WriteOutcome.Written);
        }

        return messages;
    }

    /// <summary>Throws away all that waits, but a half-written head, since the peer is in the middle of it.</summary>
    public void Drop(bool headInUse)
    {
        var keep = _headOffset > 0 || headInUse ? 1 : 0;
        while (_count > keep)
        {
            ref var entry = ref At(_count - 1);
            entry.Ticket?.Complete(WriteOutcome.Dropped);
            _bytes -= entry.Frame.Length;
            entry = default;
            _count--;
        }
    }

    /// <summary>The socket is gone.</summary>
    public void Clear()
    {
        while (_count > 0) TakeHead(WriteOutcome.Closed);
        Release();
    }

    /// <summary>Gives the ring back; the queue is empty.</summary>
    public void Release()
    {
        if (_ring is null) return;
        ArrayPool<Entry>.Shared.Return(_ring);
        _ring = null;
        _head = 0;
    }

    [UnscopedRef]
    private ref Entry At(int index)
    {
        if (_ring is null) return ref _only;
        return ref _ring[(_head + index) & (_ring.Length - 1)];
    }

    private readonly Frame FrameAt(int index) => _ring is null ? _only.Frame : _ring[(_head + index) & (_ring.Length - 1)].Frame;

    private void TakeHead(WriteOutcome outcome)
    {
        ref var entry = ref At(0);
        var ticket = entry.Ticket;
        _bytes -= entry.Frame.Length;
        entry = default;
        if (_ring is not null) _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        ticket?.Complete(outcome);
    }

    private void Grow()
    {
        var bigger = ArrayPool<Entry>.Shared.Rent(_ring is null ? SmallestRing : _ring.Length * 2);
        for (var i = 0; i < _count; i++) bigger[i] = At(i);
        if (_ring is not null) ArrayPool<Entry>.Shared.Return(_ring, clearArray: true);
        _only = default;
        _ring = bigger;
        _head = 0;
    }
}
