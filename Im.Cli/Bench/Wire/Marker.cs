using System.Buffers.Binary;
using System.Diagnostics;

namespace Im.Cli.Bench.Wire;

/// <summary>
/// <c>#00000042 t=0000000123456789</c>: number and time of sending, of fixed width, at the front of a broadcast's text. Found by its <c>#</c> without parsing JSON.
/// A user of the login burst is named by the front part, <c>#00000042</c>.
/// </summary>
internal static class Marker
{
    public const int Length = 28;
    public const int NameLength = 9;
    private static readonly long Start = Stopwatch.GetTimestamp();

    /// <summary>The clock of the time inside: ticks of the stopwatch since the process began.</summary>
    public static long Now
    {
        get
        {
            // Read first: the runtime may set the start only now, and a time before it has no digits.
            var start = Start;
            return Stopwatch.GetTimestamp() - start;
        }
    }

    /// <summary>A stopwatch time on this clock; what was before the clock began, which it may do only now, is its beginning.</summary>
    public static long At(long timestamp) => Math.Max(0, timestamp - Start);

    public static void Write(Span<byte> target, int number, long sentAt)
    {
        WriteName(target, number);
        " t="u8.CopyTo(target[9..]);
        WriteEight(target[12..], (int)(sentAt / 100_000_000));
        WriteEight(target[20..], (int)(sentAt % 100_000_000));
    }

    public static void WriteName(Span<byte> target, int number)
    {
        target[0] = (byte)'#';
        WriteEight(target[1..], number);
    }

    public static bool TryRead(ReadOnlySpan<byte> text, out int number, out long sentAt)
    {
        sentAt = 0;
        var at = text.IndexOf((byte)'#');
        if (!TryReadName(text, at, out number) || text.Length < at + Length || !text.Slice(at + 9, 3).SequenceEqual(" t="u8)) return false;
        if (!TryReadEight(text[(at + 12)..], out var high) || !TryReadEight(text[(at + 20)..], out var low)) return false;
        sentAt = high * 100_000_000L + low;
        return true;
    }

    /// <param name="at">Place of the <c>#</c>; negative is answered with false.</param>
    public static bool TryReadName(ReadOnlySpan<byte> text, int at, out int number)
    {
        number = -1;
        return at >= 0 && text.Length >= at + NameLength && TryReadEight(text[(at + 1)..], out number);
    }

    private static void WriteEight(Span<byte> target, int value)
    {
        for (var i = 7; i >= 0; i--)
        {
            target[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }

    /// <summary>Eight digits at once: pairs, then fours, then eight, in three multiplications.</summary>
    private static bool TryReadEight(ReadOnlySpan<byte> digits, out int value)
    {
        var chunk = BinaryPrimitives.ReadUInt64LittleEndian(digits);
        value = -1;
        if ((chunk & 0xF0F0F0F0F0F0F0F0) != 0x3030303030303030 || ((chunk + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) != 0x3030303030303030) return false;
        chunk -= 0x3030303030303030;
        chunk = chunk * 10 + (chunk >> 8);
        value = (int)(((chunk & 0x000000FF000000FF) * 0x000F424000000064 + ((chunk >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32);
        return true;
    }
}
