using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class UserOnlineSpecs : CompatSpecs
{
    [Theory]
    [InlineData("/user/online?appId=102&userId=alice")]
    [InlineData("/user/online?appID=102&userID=alice")]
    [InlineData("/user/online?userid=alice&appid=102")]
    public async Task Should_say_online_in_the_seeds_bytes_when_the_user_is_there(string path)
    {
        Broker.OnQueryOnline = static (app, user) => app.Value == 102 && user.Value == "alice";

        (await Host.GetTextAsync(path)).ShouldBe("""{"code":200,"msg":"Success","data":{"online":true,"userID":"alice"}}""");
    }

    [Fact]
    public async Task Should_say_offline_when_the_user_is_in_another_app()
    {
        Broker.OnQueryOnline = static (app, _) => app.Value == 102;

        (await Host.GetTextAsync("/user/online?appId=101&userId=alice")).ShouldBe("""{"code":200,"msg":"Success","data":{"online":false,"userID":"alice"}}""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&appId=0")]
    [InlineData("&appId=x")]
    public async Task Should_look_in_all_apps_when_the_app_is_0_or_absent(string app)
    {
        Broker.OnQueryOnline = static (app, _) => app.Value == 104;

        (await Host.GetTextAsync("/user/online?userId=alice" + app)).ShouldContain("\"online\":true");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?appId=101&userId=", "")]
    [InlineData("?appId=999&userId=alice", "alice")]
    [InlineData("?appId=101&userId=a%7Cb", "a|b")]
    [InlineData("?appId=101&userId=%3Cb%3E", "\\u003cb\\u003e")]
    public async Task Should_say_offline_when_there_can_be_no_such_user(string query, string echoed) =>
        (await Host.GetTextAsync("/user/online" + query)).ShouldBe($$$"""{"code":200,"msg":"Success","data":{"online":false,"userID":"{{{echoed}}}"}}""");

    [Fact]
    public async Task Should_answer_1004_and_no_state_when_the_node_that_knows_did_not_answer()
    {
        Broker.OnQueryOnline = static (_, _) => null;

        (await Host.GetTextAsync("/user/online?appId=101&userId=alice")).ShouldBe("""{"code":1004,"msg":"系统错误","data":{}}""");
    }

    [Fact]
    public async Task Should_say_online_when_one_app_has_the_user_and_another_did_not_answer()
    {
        Broker.OnQueryOnline = static (app, _) => app.Value == 101 ? true : null;

        (await Host.GetTextAsync("/user/online?userId=alice")).ShouldContain("\"online\":true");
    }
}
