using System.Globalization;
using System.Text;

namespace Im.Tests.Support;

/// <summary>Text that some threads write while others read all of it.</summary>
internal sealed class SharedText() : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text) _text.Append(value);
    }

    public override void Write(string? value)
    {
        lock (_text) _text.Append(value);
    }

    public override void Write(StringBuilder? value)
    {
        lock (_text) _text.Append(value);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_text) _text.Append(buffer);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (_text) _text.Append(buffer, index, count);
    }

    public override string ToString()
    {
        lock (_text) return _text.ToString();
    }
}
