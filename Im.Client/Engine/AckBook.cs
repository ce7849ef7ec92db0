using System.Text.Json;

namespace Im.Client.Engine;

/// <summary>Collects what the application took, and says it at the latest after 20 records or 2 s.</summary>
internal sealed class AckBook
{
    public const int MaxCount = 20;
    public const long MaxDelayMs = 2000;

    private readonly Dictionary<string, long> _acks = [];
    private readonly Dictionary<string, long> _skips = [];
    private int _count;

    /// <summary>When the book has to be sent; <see cref="long.MaxValue"/> while it is empty.</summary>
    public long Due { get; private set; } = long.MaxValue;

    public bool IsFull => _count >= MaxCount;

    /// <summary>Everything up to the number is held without a gap, or was skipped.</summary>
    public void Ack(string conversation, long mseq, long now)
    {
        if (mseq <= 0) return;
        _acks[conversation] = Math.Max(mseq, _acks.GetValueOrDefault(conversation));
        Count(now);
    }

    /// <summary>Numbers up to this one were not received and will not be.</summary>
    public void Skip(string conversation, long mseq, long now)
    {
        if (mseq <= 0) return;
        _skips[conversation] = Math.Max(mseq, _skips.GetValueOrDefault(conversation));
        Count(now);
    }

    /// <summary>The numbers so far are of an epoch that is over.</summary>
    public void Forget(string conversation)
    {
        _acks.Remove(conversation);
        _skips.Remove(conversation);
        if (_acks.Count + _skips.Count == 0) Clear();
    }

    /// <summary>The data of an <c>ack</c>; the book is empty then.</summary>
    public byte[] Take()
    {
        var data = Wire.Object(writer =>
        {
            Write(writer, "acks", _acks);
            Write(writer, "skip", _skips);
        });
        _acks.Clear();
        _skips.Clear();
        Clear();
        return data;
    }

    private static void Write(Utf8JsonWriter writer, string name, Dictionary<string, long> numbers)
    {
        if (numbers.Count == 0) return;
        writer.WriteStartObject(name);
        foreach (var (conversation, mseq) in numbers) writer.WriteNumber(conversation, mseq);
        writer.WriteEndObject();
    }

    private void Count(long now)
    {
        _count++;
        if (Due == long.MaxValue) Due = now + MaxDelayMs;
    }

    private void Clear()
    {
        _count = 0;
        Due = long.MaxValue;
    }
}
