using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;

namespace Im.Node.Compat;

/// <summary>
/// Writes JSON byte for byte as the seed does (Go's encoding/json): compact, everything outside ASCII raw, and
/// <c>&lt; &gt; &amp;</c>, U+2028 and U+2029 escaped with lower-case digits.
/// </summary>
internal static class SeedJsonWriter
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 32).Select(static code => (char)code)) + "\"\\<>&\u2028\u2029");

    public static void Write(IBufferWriter<byte> output, object value)
    {
        switch (value)
        {
            case bool flag: output.Write(flag ? "true"u8 : "false"u8); break;
            case int or uint or long: WriteAscii(output, ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)); break;
            case string text: WriteString(output, text); break;
            case SeedObject members: WriteObject(output, members); break;
            case IEnumerable items: WriteArray(output, items); break;
            default: throw new ArgumentException($"No JSON form for {value.GetType()}.", nameof(value));
        }
    }

    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is >= 0 and var at)
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            WriteAscii(output, Escape(text[at]));
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    private static void WriteObject(IBufferWriter<byte> output, SeedObject members)
    {
        var separator = "{"u8;
        foreach (var (name, value) in members)
        {
            output.Write(separator);
            WriteString(output, name);
            output.Write(":"u8);
            Write(output, value);
            separator = ","u8;
        }

        output.Write(members.Count == 0 ? "{}"u8 : "}"u8);
    }

    private static void WriteArray(IBufferWriter<byte> output, IEnumerable items)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in items)
        {
            if (!first) output.Write(","u8);
            Write(output, item);
            first = false;
        }

        output.Write("]"u8);
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => $"\\u{(int)c:x4}",
    };

    private static void WriteAscii(IBufferWriter<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);
}
