using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Im.Protocol.Json;

/// <summary>
/// Walks the members of a command's <c>data</c> without a tree. Null members read as absent; a member of the wrong
/// type, or one that is there twice, makes the whole data invalid and names itself in <see cref="Field"/>.
/// </summary>
public ref struct FieldReader
{
    /// <summary>Names that busy commands carry: these are not made anew for each message.</summary>
    private static readonly (byte[] Utf8, string Name)[] CommonNames =
        [.. new[] { "conv", "cid", "msg", "type", "ext", "ephemeral", "mseq", "acks", "heads" }.Select(name => (Encoding.UTF8.GetBytes(name), name))];

    private static readonly JsonDocumentOptions ObjectOptions = new() { AllowDuplicateProperties = false };

    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _allowsRepeats;
    private Utf8JsonReader _reader;
    private KnownNames _known;
    private int _knownCount;

    /// <param name="allowsRepeats">The last of several members of one name counts, as in the seed.</param>
    public FieldReader(ReadOnlySpan<byte> json, bool allowsRepeats = false)
    {
        _json = json;
        _allowsRepeats = allowsRepeats;
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>The member that was read last was there before.</summary>
    public bool IsRepeated { get; private set; }

    private readonly bool IsRefused => IsRepeated && !_allowsRepeats;

    /// <summary>The member that was read last, as the client wrote it.</summary>
    public string? Field { get; private set; }

    /// <summary>Enters the object; false when the data is no object.</summary>
    public bool Begin() => _reader.Read() && _reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Goes to the next member's value; false at the end.</summary>
    public bool Next()
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.PropertyName) return false;
        Field = Name();
        IsRepeated = false;
        return _reader.Read();
    }

    private readonly string Name()
    {
        foreach (var (utf8, name) in CommonNames)
        {
            if (_reader.ValueTextEquals(utf8)) return name;
        }

        return _reader.GetString()!;
    }

    /// <summary>Is it the member of this name? A name that a command knows is remembered, so that a second one is seen.</summary>
    public bool Is(ReadOnlySpan<byte> lowerCaseName)
    {
        if (!Ascii.EqualsIgnoreCase(lowerCaseName, Field)) return false;
        for (var i = 0; i < _knownCount; i++) IsRepeated |= string.Equals(_known[i], Field, StringComparison.OrdinalIgnoreCase);
        if (!IsRepeated && _knownCount < KnownNames.Count) _known[_knownCount++] = Field;
        return true;
    }

    public void Skip() => _reader.Skip();

    public readonly bool TryString(ref string? value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.String) return false;
        value = _reader.GetString();
        return true;
    }

    /// <summary>An integer from 0 to 2^53−1; an integral float such as <c>1.01e2</c> counts, as in the seed.</summary>
    public readonly bool TryInteger(ref long value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetDouble(out var number)) return false;
        if (number != Math.Floor(number) || number is < 0 or > 9007199254740991) return false;
        value = (long)number;
        return true;
    }

    public readonly bool TryInteger(ref long? value)
    {
        var number = value ?? 0;
        if (!TryInteger(ref number)) return false;
        if (_reader.TokenType != JsonTokenType.Null) value = number;
        return true;
    }

    /// <summary>An array of strings; when it is none, the reader may be inside of it.</summary>
    public bool TryStrings(ref List<string>? value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartArray) return false;
        var strings = new List<string>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.String) strings.Add(_reader.GetString()!);
        value = strings;
        return _reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary><c>{"conv":mseq,…}</c>; when it is none, the reader may be inside of it.</summary>
    public bool TryMarks(ref Dictionary<string, long>? value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartObject) return false;
        var marks = new Dictionary<string, long>();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var conversation = _reader.GetString()!;
            long mseq = 0;
            if (!_reader.Read() || _reader.TokenType != JsonTokenType.Number || !TryInteger(ref mseq)) return false;
            if (!marks.TryAdd(conversation, mseq)) return false;
        }

        value = marks;
        return true;
    }

    public readonly bool TryBoolean(ref bool value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
        value = _reader.GetBoolean();
        return true;
    }

    /// <summary>A JSON object as compact text, or null; one that names a member twice is none.</summary>
    public bool TryObject(ref string? value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartObject) return false;
        var start = (int)_reader.TokenStartIndex;
        _reader.Skip();
        try
        {
            value = JsonSerializer.Serialize(JsonElement.Parse(_json[start..(int)_reader.BytesConsumed], ObjectOptions));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary><c>{"conv":["epoch",mseq],…}</c>; when it is none, the reader stays where it was.</summary>
    public bool TryCursors(ref Dictionary<string, Cursor>? value)
    {
        if (IsRefused) return false;
        if (_reader.TokenType == JsonTokenType.Null) return true;
        if (_reader.TokenType != JsonTokenType.StartObject) return false;
        var cursors = new Dictionary<string, Cursor>();
        var start = _reader;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var conversation = _reader.GetString()!;
            if (!TryCursor(out var cursor) || !cursors.TryAdd(conversation, cursor))
            {
                _reader = start;
                return false;
            }

        }

        value = cursors;
        return true;
    }

    private bool TryCursor(out Cursor cursor)
    {
        cursor = default;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray) return false;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.String) return false;
        var epoch = _reader.GetString()!;
        long mseq = 0;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.Number || !TryInteger(ref mseq)) return false;
        cursor = new Cursor(epoch, mseq);
        return _reader.Read() && _reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>No command knows more.</summary>
    [InlineArray(Count)]
    private struct KnownNames
    {
        public const int Count = 12;

        private string? _first;
    }
}

/// <summary>Where a reader stands in a conversation: everything up to <paramref name="Mseq"/> of <paramref name="Epoch"/> was applied.</summary>
public readonly record struct Cursor(string Epoch, long Mseq);
