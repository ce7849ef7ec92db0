using System.Text;
using Im.Node.Compat;
using Im.Protocol.Json;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class SeedJsonWriterSpecs
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("马远 😀 é", "马远 😀 é")]
    [InlineData("<>&", "\\u003c\\u003e\\u0026")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("\"\\/'", "\\\"\\\\/'")]
    [InlineData("\b\f\n\r\t", "\\u0008\\u000c\\n\\r\\t")]
    [InlineData("\u0000\u001b\u001f\u007f", "\\u0000\\u001b\\u001f\u007f")]
    [InlineData("", "")]
    public void Should_escape_exactly_what_the_seed_escapes_when_writing_a_string(string text, string escaped) => Write(text).ShouldBe($"\"{escaped}\"");

    [Fact]
    public void Should_sort_keys_and_leave_no_space_when_writing_an_object() =>
        Write(new SeedObject { ["b"] = 1, ["a"] = true, ["B"] = new List<string> { "x", "y" }, ["c"] = new SeedObject(), ["d"] = -5L })
            .ShouldBe("""{"B":["x","y"],"a":true,"b":1,"c":{},"d":-5}""");

    [Fact]
    public void Should_refuse_when_a_value_has_no_json_form() => Should.Throw<ArgumentException>(() => Write(1.5));

    private static string Write(object value)
    {
        var output = WireBuffer.Create();
        SeedJsonWriter.Write(ref output, value);
        return Encoding.UTF8.GetString(output.Written);
    }
}
