using System.Text;
using Im.Protocol.Json;
using Shouldly;
using Xunit;

namespace Im.Tests.Protocol;

public sealed class CommandDataSpecs
{
    [Theory]
    [InlineData("""{"userId":"alice","appId":101,"serviceToken":"t"}""", "alice", 101L, 0L)]
    [InlineData("""{"userID":"alice","APPID":101}""", "alice", 101L, 0L)]
    [InlineData("""{"userId":"alice","appId":1.01e2}""", "alice", 101L, 0L)]
    [InlineData("""{"userId":"alice","appId":4294967295}""", "alice", 4294967295L, 0L)]
    [InlineData("""{"userId":"a","userId":"b"}""", "b", 0L, 0L)]
    [InlineData("""{"userId":null,"appId":null}""", null, 0L, 0L)]
    [InlineData("""{"userId":"alice","v":"2","device":5,"try":"x","cursors":7}""", "alice", 0L, 0L)]
    [InlineData("""{"v":2,"userId":"alice","appId":101,"device":"d"}""", "alice", 101L, 2L)]
    [InlineData("{}", null, 0L, 0L)]
    [InlineData("", null, 0L, 0L)]
    public void Should_read_a_login_when_the_types_fit(string json, string? user, long app, long version)
    {
        LoginData.TryRead(Encoding.UTF8.GetBytes(json), out var login, out var field).ShouldBeTrue();

        field.ShouldBeNull();
        (login.UserId, login.AppId, login.Version).ShouldBe((user, app, version));
    }

    [Theory]
    [InlineData("""{"userId":1}""", "userId")]
    [InlineData("""{"userID":["a"]}""", "userID")]
    [InlineData("""{"appId":"101"}""", "appId")]
    [InlineData("""{"appId":-1}""", "appId")]
    [InlineData("""{"appId":1.5}""", "appId")]
    [InlineData("""{"appId":4294967296}""", "appId")]
    [InlineData("""{"serviceToken":{}}""", "serviceToken")]
    [InlineData("""{"v":2,"device":5}""", "device")]
    [InlineData("""{"device":5,"v":2}""", "device")]
    [InlineData("""{"v":2,"try":-1}""", "try")]
    [InlineData("""{"v":2,"cursors":{"r:a":["e"]}}""", "cursors")]
    [InlineData("""{"v":2,"cursors":{"r:a":["e",1,2]}}""", "cursors")]
    [InlineData("""{"v":2,"cursors":[]}""", "cursors")]
    [InlineData("[]", null)]
    [InlineData("\"text\"", null)]
    [InlineData("7", null)]
    public void Should_name_the_member_when_a_type_of_a_login_is_wrong(string json, string? member)
    {
        LoginData.TryRead(Encoding.UTF8.GetBytes(json), out _, out var field).ShouldBeFalse();

        field.ShouldBe(member);
    }

    [Fact]
    public void Should_read_members_after_wrong_cursors_when_a_login_is_level_0()
    {
        LoginData.TryRead("""{"cursors":{"r:a":["e",{"x":[1]}]},"userId":"alice"}"""u8, out var login, out _).ShouldBeTrue();

        login.UserId.ShouldBe("alice");
        login.Cursors.ShouldBeNull();
    }

    [Fact]
    public void Should_read_cursors_when_a_login_carries_them()
    {
        LoginData.TryRead("""{"v":2,"cursors":{"r:a":["e1",3],"p:a|b":["e2",0]},"try":4}"""u8, out var login, out _).ShouldBeTrue();

        login.Try.ShouldBe(4);
        login.Cursors!["r:a"].ShouldBe(new Cursor("e1", 3));
        login.Cursors["p:a|b"].ShouldBe(new Cursor("e2", 0));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("{}", true)]
    [InlineData("""{"userId":"alice"}""", true)]
    [InlineData("""{"userId":null}""", true)]
    [InlineData("""{"appId":"x","heads":{"r:a":1}}""", true)]
    [InlineData("""{"userID":5}""", false)]
    [InlineData("""{"userId":{"a":1}}""", false)]
    [InlineData("[]", false)]
    [InlineData("5", false)]
    public void Should_look_only_at_the_users_type_when_a_heartbeat_is_checked(string json, bool valid) =>
        HeartbeatData.TryRead(Encoding.UTF8.GetBytes(json), out _).ShouldBe(valid);

    [Fact]
    public void Should_read_a_message_when_its_types_fit()
    {
        MessageData.TryRead("""{"conv":"r:a","cid":"c1","type":"text","msg":"hi","ext":{"a": [1, 2]},"ephemeral":true,"x":{}}"""u8, out var message, out _).ShouldBeTrue();

        message.ShouldBe(new MessageData("r:a", "c1", "text", "hi", """{"a":[1,2]}""", true));
    }

    [Theory]
    [InlineData("""{"conv":1}""", "conv")]
    [InlineData("""{"msg":["a"]}""", "msg")]
    [InlineData("""{"ext":"text"}""", "ext")]
    [InlineData("""{"ephemeral":1}""", "ephemeral")]
    [InlineData("[]", null)]
    public void Should_name_the_member_when_a_type_of_a_message_is_wrong(string json, string? member)
    {
        MessageData.TryRead(Encoding.UTF8.GetBytes(json), out _, out var field).ShouldBeFalse();

        field.ShouldBe(member);
    }
}
