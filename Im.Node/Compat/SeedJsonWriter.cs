using System.Collections;
using System.Globalization;
using Im.Protocol.Json;

namespace Im.Node.Compat;

/// <summary>Writes the values of a <see cref="SeedObject"/> with the seed's escaping, which is that of the WebSocket's replies.</summary>
internal static class SeedJsonWriter
{
    public static void Write(ref WireBuffer output, object value)
    {
        switch (value)
        {
            case bool flag: output.Raw(flag ? "true"u8 : "false"u8); break;
            case int or uint or long: output.Number(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case string text: output.Text(text); break;
            case SeedObject members: WriteObject(ref output, members); break;
            case IEnumerable items: WriteArray(ref output, items); break;
            default: throw new ArgumentException($"No JSON form for {value.GetType()}.", nameof(value));
        }
    }

    private static void WriteObject(ref WireBuffer output, SeedObject members)
    {
        output.Raw("{"u8);
        var first = true;
        foreach (var (name, value) in members)
        {
            if (!first) output.Raw(","u8);
            output.Text(name);
            output.Raw(":"u8);
            Write(ref output, value);
            first = false;
        }

        output.Raw("}"u8);
    }

    private static void WriteArray(ref WireBuffer output, IEnumerable items)
    {
        output.Raw("["u8);
        var first = true;
        foreach (var item in items)
        {
            if (!first) output.Raw(","u8);
            Write(ref output, item);
            first = false;
        }

        output.Raw("]"u8);
    }
}
