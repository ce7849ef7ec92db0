using System.Text;
using Im.Protocol.Json;
using Shouldly;
using Xunit;

namespace Im.Tests.Protocol;

public sealed class RequestEnvelopeSpecs
{
    [Theory]
    [InlineData("""{"seq":"a","cmd":"ping","data":{"x":1}}""", "a", "ping", """{"x":1}""")]
    [InlineData("""{"SEQ":"a","Cmd":"ping","DATA":[1, 2]}""", "a", "ping", "[1, 2]")]
    [InlineData("""{"seq":"a","seq":"b","cmd":"x","cmd":"y","data":1,"data":2}""", "b", "y", "2")]
    [InlineData("""{"seq":"a","seq":null,"cmd":"y"}""", "a", "y", "")]
    [InlineData("""{"seq":null,"cmd":null,"data":null}""", "", "", "")]
    [InlineData("""{"data":{"a":1},"data":null}""", "", "", "")]
    [InlineData("""{"other":{"seq":"x"},"cmd":"ping","more":[{"cmd":"y"}]}""", "", "ping", "")]
    [InlineData("""{"\u0073eq":"a","cmd":"\u0070ing"}""", "a", "ping", "")]
    [InlineData("{}", "", "", "")]
    [InlineData("null", "", "", "")]
    [InlineData("  \r\n\t{\"cmd\":\"ping\"} \n ", "", "ping", "")]
    [InlineData("""{"cmd":"马远 & <b>"}""", "", "马远 & <b>", "")]
    [InlineData("""{"cmd":"ping","data":"text"}""", "", "ping", "\"text\"")]
    public void Should_read_it_when_it_is_an_object_or_null(string json, string seq, string command, string data)
    {
        RequestEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out var envelope).ShouldBeTrue();

        envelope.Seq.ShouldBe(seq);
        envelope.Command.ShouldBe(command);
        Encoding.UTF8.GetString(envelope.Data.Span).ShouldBe(data);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData("[]")]
    [InlineData("""[{"cmd":"ping"}]""")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("\"text\"")]
    [InlineData("""{"seq":1,"cmd":"ping"}""")]
    [InlineData("""{"seq":"1","cmd":{}}""")]
    [InlineData("""{"seq":["1"],"cmd":"ping"}""")]
    [InlineData("""{"cmd":"ping"}x""")]
    [InlineData("""{"cmd":"ping"}{}""")]
    [InlineData("null null")]
    [InlineData("\uFEFF{\"cmd\":\"ping\"}")]
    [InlineData("""{"cmd":"ping",}""")]
    [InlineData("""{"cmd":"ping" """)]
    [InlineData("""{'cmd':'ping'}""")]
    [InlineData("""{"cmd":"ping"}//""")]
    [InlineData("""{"cmd":"ping","data":{"a":}}""")]
    public void Should_refuse_it_when_it_is_no_envelope(string json) =>
        RequestEnvelope.TryRead(Encoding.UTF8.GetBytes(json), out _).ShouldBeFalse();

    [Fact]
    public void Should_refuse_it_when_it_is_no_utf8() => RequestEnvelope.TryRead([.. "{\"seq\":\""u8, 0xFF, .. "\"}"u8], out _).ShouldBeFalse();

    [Fact]
    public void Should_not_throw_when_bytes_are_changed_at_random()
    {
        var random = new Random(12);
        var template = """{"seq":"a1","cmd":"login","data":{"userId":"马远","appId":101,"cursors":{"r:a":["e",1]}}}"""u8.ToArray();
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = template.ToArray();
            for (var changes = random.Next(1, 5); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!RequestEnvelope.TryRead(bytes.AsSpan(0, random.Next(bytes.Length + 1)), out var envelope)) continue;
            LoginData.TryRead(envelope.Data.Span, out _, out _);
            MessageData.TryRead(envelope.Data.Span, out _, out _);
            RoomData.TryRead(envelope.Data.Span, out _);
            HeartbeatData.TryRead(envelope.Data.Span, out _);
        }
    }
}
