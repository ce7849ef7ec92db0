using System.Text;
using System.Text.Json;
using Im.Cli.Bench.Wire;
using Shouldly;
using Xunit;

namespace Im.Tests.Cli;

public sealed class WireSpecs
{
    private static readonly ImLevel2Wire Level2 = new(101, "bench", "c0ffee");
    private static readonly ImLevel0Wire Level0 = new(101);
    private static readonly SignalRWire SignalR = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(42, 123_456_789_012)]
    [InlineData(99_999_999, 9_999_999_999_999_999)]
    public void Should_read_back_the_marker(int number, long sentAt)
    {
        var text = new byte[Marker.Length];
        Marker.Write(text, number, sentAt);
        Marker.TryRead([.. "{\"msg\":\""u8, .. text, .. "xxx\"}"u8], out var readNumber, out var readAt).ShouldBeTrue();
        (readNumber, readAt).ShouldBe((number, sentAt));
    }

    [Theory]
    [InlineData("no marker")]
    [InlineData("#0000004x t=0000000000000001")]
    [InlineData("#00000042 t=000000000000001")]
    [InlineData("#00000042 u=0000000000000001")]
    [InlineData("#0000004: t=0000000000000001")]
    public void Should_not_read_a_marker_when_a_character_is_wrong(string text) => Marker.TryRead(Encoding.UTF8.GetBytes(text), out _, out _).ShouldBeFalse();

    [Fact]
    public void Should_write_a_login_of_level_2()
    {
        using var login = Written(target => Level2.Login(target, 7));
        login.RootElement.GetProperty("cmd").GetString().ShouldBe("login");
        var data = login.RootElement.GetProperty("data");
        data.GetProperty("v").GetInt32().ShouldBe(2);
        data.GetProperty("device").GetString()!.Length.ShouldBeInRange(8, 64);
        data.GetProperty("userId").GetString().ShouldBe("uc0ffee-7");
    }

    [Fact]
    public void Should_log_in_with_the_users_own_token_and_no_name_beside_it()
    {
        var tokens = new LoginMode(new byte[32]).Tokens(2, 101, "c0ffee")!;
        var wire = new ImLevel2Wire(101, "bench", "c0ffee", tokens);

        using var login = Written(target => wire.Login(target, 1));

        var data = login.RootElement.GetProperty("data");
        data.GetProperty("serviceToken").GetString().ShouldBe(tokens[1]);
        data.TryGetProperty("userId", out _).ShouldBeFalse();
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(tokens[1].Split('.')[1])).ShouldContain("\"sub\":\"uc0ffee-1\",\"app\":101");
    }

    [Theory]
    [InlineData(28)]
    [InlineData(200)]
    [InlineData(16_384)]
    public void Should_write_a_text_of_the_wanted_size_when_broadcasting(int size)
    {
        using var message = Written(target => Level2.Broadcast(target, 3, 5, size));
        var data = message.RootElement.GetProperty("data");
        data.GetProperty("ephemeral").GetBoolean().ShouldBeTrue();
        Encoding.UTF8.GetByteCount(data.GetProperty("msg").GetString()!).ShouldBe(size);
        var buffer = new byte[64 * 1024];
        var record = buffer.AsSpan(0, SignalR.Broadcast(buffer, 3, 5, size) - 1);
        using var invocation = JsonDocument.Parse(record.ToArray());
        invocation.RootElement.GetProperty("arguments")[0].GetString()!.Length.ShouldBe(size);
    }

    [Theory]
    [InlineData("""{"seq":"q1","cmd":"login","response":{"code":200,"codeMsg":"Success","data":null}}""", WireKind.Reply, Step.Login, 200)]
    [InlineData("""{"seq":"q1","cmd":"login","response":{"code":1003,"codeMsg":"未授权","data":null}}""", WireKind.Reply, Step.Login, 1003)]
    [InlineData("""{"seq":"q2","cmd":"join","response":{"code":200,"codeMsg":"Success","data":{}}}""", WireKind.Reply, Step.Join, 200)]
    [InlineData("""{"seq":"q3","cmd":"heartbeat","response":{"code":200,"codeMsg":"Success","data":null}}""", WireKind.Reply, Step.Verify, 200)]
    [InlineData("""{"seq":"h","cmd":"heartbeat","response":{"code":200,"codeMsg":"Success","data":null}}""", WireKind.Other, Step.None, 0)]
    [InlineData("""{"seq":"s9","cmd":"msg","response":{"code":1015,"codeMsg":"Rate limited","data":{}}}""", WireKind.Sent, Step.None, 1015)]
    [InlineData("""{"seq":"01J","cmd":"count","response":{"code":200,"codeMsg":"Ok","data":{"members":9}}}""", WireKind.Other, Step.None, 0)]
    [InlineData("数据不合法", WireKind.Other, Step.None, 0)]
    public void Should_tell_replies_by_their_seq_and_cmd(string text, object kind, object step, int code)
    {
        Level0.Read(Encoding.UTF8.GetBytes(text), out var read);
        (read.Kind, read.Step).ShouldBe(((WireKind)kind, (Step)step));
        if (read.Kind != WireKind.Other) read.Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("enter", WireKind.Enter)]
    [InlineData("exit", WireKind.Exit)]
    public void Should_read_the_user_when_somebody_enters_or_leaves(string command, object kind)
    {
        var text = $$$$"""{"seq":"123456789","cmd":"{{{{command}}}}","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"哈喽~","from":"#00002999"}}}""";
        Level0.Read(Encoding.UTF8.GetBytes(text), out var read);
        (read.Kind, read.Number).ShouldBe(((WireKind)kind, 2999));
    }

    [Fact]
    public void Should_read_a_broadcast_of_a_push()
    {
        var text = """{"seq":"01JZ","cmd":"msg","response":{"code":200,"codeMsg":"Ok","data":{"target":"","type":"text","msg":"#00000042 t=0000000000000777xxxx","from":"u1"}}}"""u8;
        Level2.Read(text, out var read).ShouldBe(text.Length);
        read.ShouldBe(new WireMessage(WireKind.Broadcast, Number: 42, SentAt: 777));
    }

    [Fact]
    public void Should_read_each_record_when_signalr_puts_several_into_one_message()
    {
        var text = "{\"type\":1,\"target\":\"msg\",\"arguments\":[\"#00000001 t=0000000000000005\"]}\u001e{\"type\":6}\u001e{\"type\":3,\"invocationId\":\"2\",\"result\":null}\u001e"u8;
        var kinds = new List<WireMessage>();
        while (!text.IsEmpty)
        {
            text = text[SignalR.Read(text, out var read)..];
            kinds.Add(read);
        }
        kinds.Select(read => (read.Kind, read.Step)).ShouldBe([(WireKind.Broadcast, Step.None), (WireKind.Other, Step.None), (WireKind.Reply, Step.Join)]);
    }

    private delegate int Writer(Span<byte> target);

    private static JsonDocument Written(Writer write)
    {
        var buffer = new byte[64 * 1024];
        return JsonDocument.Parse(buffer.AsMemory(0, write(buffer)));
    }
}
