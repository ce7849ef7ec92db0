using System.Net.WebSockets;
using Im.Tests.Support;
using Shouldly;
using Xunit;

namespace Im.Tests.EndToEnd;

/// <summary>The commands of a client written for the seed, by the bytes of their replies.</summary>
public sealed class Level0Specs(Level0Node node) : IClassFixture<Level0Node>
{
    private const string Malformed = "数据不合法";

    public static TheoryData<string, string> Replies => new()
    {
        { """{"seq":"1","cmd":"ping"}""", """{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"1","cmd":"ping","data":{"a":[1,null]}}""", """{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"1","cmd":"ping","data":null,"more":[{}]}""", """{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { " \r\n\t{\"cmd\" : \"ping\" , \"seq\" : \"1\"} \n", """{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"SEQ":"1","Cmd":"ping"}""", """{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"1","seq":"2","cmd":"x","cmd":"ping"}""", """{"seq":"2","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":null,"cmd":"ping"}""", """{"seq":"","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"cmd":"ping"}""", """{"seq":"","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"马远 😀 é","cmd":"ping"}""", """{"seq":"马远 😀 é","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"\u9a6c<>&\u2028\u2029\"\\\/\n","cmd":"ping"}""", """{"seq":"马\u003c\u003e\u0026\u2028\u2029\"\\/\n","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""" },
        { """{"seq":"1","cmd":"heartbeat","data":{}}""", """{"seq":"1","cmd":"heartbeat","response":{"code":1000,"codeMsg":"未登录","data":null}}""" },
        { """{"seq":"1","cmd":"heartbeat"}""", """{"seq":"1","cmd":"heartbeat","response":{"code":1000,"codeMsg":"未登录","data":null}}""" },
        { "{}", """{"seq":"","cmd":"","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
        { "null", """{"seq":"","cmd":"","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
        { """{"seq":"7","cmd":"nothing","data":{}}""", """{"seq":"7","cmd":"nothing","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
        { """{"seq":"7","cmd":"Login"}""", """{"seq":"7","cmd":"Login","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
        { """{"seq":"7","cmd":"<b>"}""", """{"seq":"7","cmd":"\u003cb\u003e","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
        { """{"seq":"7"}""", """{"seq":"7","cmd":"","response":{"code":1010,"codeMsg":"路由不存在","data":null}}""" },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task Should_reply_in_the_seeds_bytes_when_not_logged_in(string request, string reply)
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        (await socket.AskAsync(request)).ShouldBe(reply);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("[]")]
    [InlineData("[{\"seq\":\"1\",\"cmd\":\"ping\"}]")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("\"ping\"")]
    [InlineData("{")]
    [InlineData("{\"seq\":\"1\",}")]
    [InlineData("{'seq':'1'}")]
    [InlineData("{\"seq\":1,\"cmd\":\"ping\"}")]
    [InlineData("{\"seq\":{},\"cmd\":\"ping\"}")]
    [InlineData("{\"seq\":\"1\",\"cmd\":2}")]
    [InlineData("{\"seq\":\"1\",\"cmd\":[\"ping\"]}")]
    [InlineData("{\"seq\":\"1\",\"cmd\":\"ping\"} x")]
    [InlineData("{\"seq\":\"1\",\"cmd\":\"ping\"}{}")]
    [InlineData("\uFEFF{\"seq\":\"1\",\"cmd\":\"ping\"}")]
    public async Task Should_reply_in_plain_text_and_stay_open_when_the_message_is_malformed(string message)
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        (await socket.AskAsync(message)).ShouldBe(Malformed);
        (await socket.DrainAsync()).ShouldBeEmpty();
    }

    public static TheoryData<string, int, string> Logins => new()
    {
        { "{\"userId\":\"alice\",\"appId\":APP}", 200, "Success" },
        { "{\"userID\":\"alice\",\"appID\":APP}", 200, "Success" },
        { "{\"USERID\":\"alice\",\"appid\":APP,\"serviceToken\":\"anything\"}", 200, "Success" },
        { "{\"userId\":\"alice\",\"appId\":APP,\"serviceToken\":null,\"other\":{}}", 200, "Success" },
        { "{\"userId\":\"alice\",\"appId\":APP.0}", 200, "Success" },
        { "{\"userId\":\"alice\",\"appId\":1.01e2}", 200, "Success" },
        { "{\"userId\":\"六个汉字名字a\",\"appId\":APP}", 200, "Success" },
        { "{\"userId\":\"1234567890123456789\",\"appId\":APP}", 200, "Success" },
        { "{\"userId\":\"<b>&'/\",\"appId\":APP}", 200, "Success" },
        { "[]", 1001, "参数不合法" },
        { "\"alice\"", 1001, "参数不合法" },
        { "7", 1001, "参数不合法" },
        { "{\"userId\":7,\"appId\":APP}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":\"APP\"}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":-1}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":101.5}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":4294967296}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":true}", 1001, "参数不合法" },
        { "{\"userId\":\"alice\",\"appId\":APP,\"serviceToken\":1}", 1001, "参数不合法" },
        { "{\"userId\":\"\",\"appId\":\"x\"}", 1001, "参数不合法" },
        { "null", 1002, "非法的用户ID" },
        { "{}", 1002, "非法的用户ID" },
        { "{\"userId\":null,\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"\",\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"12345678901234567890\",\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"北宋善画的李伯时\",\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"a|b\",\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"a\\u0000b\",\"appId\":APP}", 1002, "非法的用户ID" },
        { "{\"userId\":\"\",\"appId\":999999}", 1002, "非法的用户ID" },
        { "{\"userId\":\"alice\",\"appId\":999999}", 1003, "未授权" },
        { "{\"userId\":\"alice\",\"appId\":4294967295}", 1003, "未授权" },
        { "{\"userId\":\"alice\",\"appId\":0}", 1003, "未授权" },
        { "{\"userId\":\"alice\",\"appId\":null}", 1003, "未授权" },
        { "{\"userId\":\"alice\"}", 1003, "未授权" },
    };

    [Theory]
    [MemberData(nameof(Logins))]
    public async Task Should_answer_the_seeds_code_and_text_when_logging_in(string data, int code, string text)
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        (await socket.AskAsync($$"""{"seq":"1565336219141-266129","cmd":"login","data":{{data.Replace("APP", $"{node.NextApp()}", StringComparison.Ordinal)}}}"""))
            .ShouldBe($$$"""{"seq":"1565336219141-266129","cmd":"login","response":{"code":{{{code}}},"codeMsg":"{{{text}}}","data":null}}""");
    }

    [Fact]
    public async Task Should_answer_1002_when_a_login_has_no_data()
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        (await socket.AskAsync("""{"seq":"1","cmd":"login"}""")).ShouldBe("""{"seq":"1","cmd":"login","response":{"code":1002,"codeMsg":"非法的用户ID","data":null}}""");
    }

    [Theory]
    [InlineData("{\"userId\":\"bob\",\"appId\":APP}", 1009, "操作失败")]
    [InlineData("{\"userId\":\"alice\",\"appId\":APP}", 1009, "操作失败")]
    [InlineData("{\"userId\":\"bob\",\"appId\":999999}", 1003, "未授权")]
    [InlineData("{\"userId\":\"\",\"appId\":APP}", 1002, "非法的用户ID")]
    [InlineData("{\"userId\":1,\"appId\":APP}", 1001, "参数不合法")]
    public async Task Should_check_in_the_seeds_order_when_logging_in_again(string data, int code, string text)
    {
        var app = node.NextApp();
        await using var socket = await ChatSocket.LogInAsync(node.WebSocket, app, "alice");

        (await socket.AskAsync($$"""{"seq":"2","cmd":"login","data":{{data.Replace("APP", $"{app}", StringComparison.Ordinal)}}}"""))
            .ShouldBe($$$"""{"seq":"2","cmd":"login","response":{"code":{{{code}}},"codeMsg":"{{{text}}}","data":null}}""");
        (await socket.AskAsync("""{"seq":"3","cmd":"heartbeat"}""")).ShouldBe("""{"seq":"3","cmd":"heartbeat","response":{"code":200,"codeMsg":"Success","data":null}}""");
    }

    [Fact]
    public async Task Should_let_a_client_log_in_when_its_first_attempt_was_refused()
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);
        await socket.AskAsync("""{"seq":"1","cmd":"login","data":{"userId":"","appId":101}}""");

        (await socket.AskAsync($$$"""{"seq":"2","cmd":"login","data":{"userId":"alice","appId":{{{node.NextApp()}}}}}"""))
            .ShouldBe("""{"seq":"2","cmd":"login","response":{"code":200,"codeMsg":"Success","data":null}}""");
    }

    [Theory]
    [InlineData("""{"seq":"h","cmd":"heartbeat"}""", 200, "Success")]
    [InlineData("""{"seq":"h","cmd":"heartbeat","data":{}}""", 200, "Success")]
    [InlineData("""{"seq":"h","cmd":"heartbeat","data":null}""", 200, "Success")]
    [InlineData("""{"seq":"h","cmd":"heartbeat","data":{"userId":"someone else"}}""", 200, "Success")]
    [InlineData("""{"seq":"h","cmd":"heartbeat","data":[]}""", 1001, "参数不合法")]
    [InlineData("""{"seq":"h","cmd":"heartbeat","data":{"userID":7}}""", 1001, "参数不合法")]
    public async Task Should_answer_a_heartbeat_when_logged_in(string request, int code, string text)
    {
        await using var socket = await ChatSocket.LogInAsync(node.WebSocket, node.NextApp(), "alice");

        (await socket.AskAsync(request)).ShouldBe($$$"""{"seq":"h","cmd":"heartbeat","response":{"code":{{{code}}},"codeMsg":"{{{text}}}","data":null}}""");
    }

    [Fact]
    public async Task Should_read_a_binary_frame_as_text_when_the_client_is_of_level_0()
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        await socket.SendAsync("""{"seq":"1","cmd":"ping"}""", WebSocketMessageType.Binary);

        (await socket.ReceiveAsync()).ShouldBe("""{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""");
    }

    [Fact]
    public async Task Should_put_fragments_together_when_a_message_comes_in_pieces()
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        await socket.SendAsync("""{"seq":"1","c""", endOfMessage: false);
        await socket.SendAsync("""md":"pi""", endOfMessage: false);
        await socket.SendAsync("""ng"}""");

        (await socket.ReceiveAsync()).ShouldBe("""{"seq":"1","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""");
    }

    [Fact]
    public async Task Should_reply_in_order_when_many_commands_are_sent_at_once()
    {
        await using var socket = await ChatSocket.ConnectAsync(node.WebSocket);

        for (var i = 0; i < 200; i++) await socket.SendAsync($$"""{"seq":"{{i}}","cmd":"ping"}""");

        for (var i = 0; i < 200; i++) (await socket.ReceiveAsync()).ShouldBe($$$"""{"seq":"{{{i}}}","cmd":"ping","response":{"code":200,"codeMsg":"Success","data":"pong"}}""");
    }
}
