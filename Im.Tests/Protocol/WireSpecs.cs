using Im.Protocol;
using Im.Protocol.Json;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.Protocol;

/// <summary>Bytes that clients of the seed and of level 2 read; a change here is a change of the protocol.</summary>
public sealed class WireSpecs
{
    private static readonly PushContent Push = new("m1", "msg", "text", "hi <b> & \u2028", "马远", "r:tea", "e1", 7, "c1", """{"a":1}""", 1765432100123);

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("马远 👋", "\"马远 👋\"")]
    [InlineData("<>&", "\"\\u003c\\u003e\\u0026\"")]
    [InlineData("\u2028\u2029", "\"\\u2028\\u2029\"")]
    [InlineData("\"\\/", "\"\\\"\\\\/\"")]
    [InlineData("\n\r\t", "\"\\n\\r\\t\"")]
    [InlineData("\u0000\u0001\u001f\u007f", "\"\\u0000\\u0001\\u001f\u007f\"")]
    public void Should_escape_as_the_seed_when_text_is_written(string text, string expected)
    {
        var buffer = WireBuffer.Create();
        buffer.Text(text);

        System.Text.Encoding.UTF8.GetString(buffer.Written).ShouldBe(expected);
    }

    [Fact]
    public void Should_write_every_character_of_a_long_text_when_the_buffer_has_to_grow()
    {
        var text = string.Concat(Enumerable.Repeat("a<马👋\n", 5_000));
        var buffer = WireBuffer.Create();
        buffer.Text(text);

        System.Text.Json.JsonSerializer.Deserialize<string>(buffer.Written).ShouldBe(text);
    }

    [Fact]
    public void Should_write_a_reply_in_the_seeds_order() =>
        Text(ReplyWriter.Reply("a<1>", "login", ReplyCode.Success)).ShouldBe("""{"seq":"a\u003c1\u003e","cmd":"login","response":{"code":200,"codeMsg":"Success","data":null}}""");

    [Fact]
    public void Should_write_the_seeds_text_when_a_reply_has_its_code() =>
        Text(ReplyWriter.Reply("", "", ReplyCode.NoSuchCommand)).ShouldBe("""{"seq":"","cmd":"","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""");

    [Fact]
    public void Should_write_plain_text_when_data_is_illegal() => Text(ReplyWriter.IllegalData).ShouldBe("数据不合法");

    [Fact]
    public void Should_say_what_is_at_fault_when_a_level_2_command_fails()
    {
        Text(ReplyWriter.Error("1", "msg", ReplyCode.BadParameter, "conv"))
            .ShouldBe("""{"seq":"1","cmd":"msg","response":{"code":1001,"codeMsg":"参数不合法","data":{"temporary":false,"field":"conv"}}}""");
        Text(ReplyWriter.Error("1", "msg", ReplyCode.Overloaded, retryAfterMs: 500))
            .ShouldBe("""{"seq":"1","cmd":"msg","response":{"code":1016,"codeMsg":"Overloaded, nothing stored","data":{"temporary":true,"retryAfterMs":500}}}""");
    }

    [Fact]
    public void Should_write_nothing_after_from_when_a_push_is_level_0() =>
        Text(PushWriter.Level0(Push)).ShouldBe(
            """{"seq":"m1","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"hi \u003cb\u003e \u0026 \u2028","from":"马远"}}}""");

    [Fact]
    public void Should_write_its_place_when_a_push_is_level_2() =>
        Text(PushWriter.Level2(Push)).ShouldBe(
            """{"seq":"m1","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"hi \u003cb\u003e \u0026 \u2028","from":"马远","conv":"r:tea","epoch":"e1","mseq":7,"cid":"c1","ext":{"a":1},"ts":1765432100123}}}""");

    [Fact]
    public void Should_leave_the_number_out_when_a_push_is_not_a_record() =>
        Text(PushWriter.Level2(Push with { Epoch = null, Cid = null, Ext = null, Text = "hi" })).ShouldBe(
            """{"seq":"m1","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"hi","from":"马远","conv":"r:tea","ts":1765432100123}}}""");

    [Fact]
    public void Should_write_the_other_pushes_as_the_protocol_says()
    {
        Text(PushWriter.Count("m", "r:a", 300)).ShouldBe("""{"seq":"m","cmd":"count","response":{"code":200,"codeMsg":"Ok","data":{"conv":"r:a","members":300}}}""");
        Text(PushWriter.Kicked("m", "why", "web", "d1")).ShouldBe("""{"seq":"m","cmd":"kicked","response":{"code":200,"codeMsg":"Ok","data":{"reason":"why","platform":"web","device":"d1"}}}""");
        Text(PushWriter.GoAway("m", "drain", 0)).ShouldBe("""{"seq":"m","cmd":"goaway","response":{"code":200,"codeMsg":"Ok","data":{"reason":"drain","afterMs":0}}}""");
        Text(PushWriter.SyncRequired("m", ["r:a", "r:b"])).ShouldBe("""{"seq":"m","cmd":"sync_required","response":{"code":200,"codeMsg":"Ok","data":{"convs":["r:a","r:b"]}}}""");
    }

    private static string Text(byte[] frame) => new ServerFrames().Read(frame).Single().Text;
}
