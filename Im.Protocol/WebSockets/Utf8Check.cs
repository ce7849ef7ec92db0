using System.Text.Unicode;

namespace Im.Protocol.WebSockets;

/// <summary>
/// Checks text that comes in pieces (RFC 6455 §8.1, RFC 3629 §4) and fails at the first byte that cannot belong to
/// valid UTF-8, even in the middle of a character.
/// </summary>
internal struct Utf8Check
{
    private byte _missing;  // continuation bytes that the open character still needs
    private byte _lowest;   // what the next of them may be
    private byte _highest;

    /// <summary>True between characters: a text may end here.</summary>
    public readonly bool IsComplete => _missing == 0;

    /// <summary>Takes the next piece; false when it is wrong.</summary>
    public bool Append(ReadOnlySpan<byte> piece)
    {
        while (_missing > 0 && piece.Length > 0)
        {
            if (!Step(piece[0])) return false;
            piece = piece[1..];
        }

        var open = OpenTailLength(piece);
        if (!Utf8.IsValid(piece[..^open])) return false;
        foreach (var value in piece[^open..])
        {
            if (!Step(value)) return false;
        }

        return true;
    }

    /// <summary>How many bytes at the end begin a character without ending it.</summary>
    private static int OpenTailLength(ReadOnlySpan<byte> piece)
    {
        for (var back = 1; back <= 3 && back <= piece.Length; back++)
        {
            var value = piece[^back];
            if (value < 0x80) return 0;
            if (value >= 0xC0) return Length(value) > back ? back : 0;
        }

        return 0;
    }

    private static int Length(byte lead) => lead switch
    {
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    private bool Step(byte value) => _missing == 0 ? Begin(value) : Continue(value);

    /// <summary>RFC 3629 §4: the second byte's range depends on the first, which keeps out overlong forms, surrogates and what lies above U+10FFFF.</summary>
    private bool Begin(byte value)
    {
        (_missing, _lowest, _highest) = value switch
        {
            < 0x80 => ((byte)0, (byte)0x80, (byte)0xBF),
            >= 0xC2 and <= 0xDF => ((byte)1, (byte)0x80, (byte)0xBF),
            0xE0 => ((byte)2, (byte)0xA0, (byte)0xBF),
            0xED => ((byte)2, (byte)0x80, (byte)0x9F),
            >= 0xE1 and <= 0xEF => ((byte)2, (byte)0x80, (byte)0xBF),
            0xF0 => ((byte)3, (byte)0x90, (byte)0xBF),
            >= 0xF1 and <= 0xF3 => ((byte)3, (byte)0x80, (byte)0xBF),
            0xF4 => ((byte)3, (byte)0x80, (byte)0x8F),
            _ => ((byte)0, (byte)0, (byte)0),
        };
        return _highest != 0;
    }

    private bool Continue(byte value)
    {
        if (value < _lowest || value > _highest) return false;
        _missing--;
        _lowest = 0x80;
        _highest = 0xBF;
        return true;
    }
}
