using System.Net;
using Im.Node.Compat;
using Im.Protocol.Names;
using Shouldly;
using Xunit;

namespace Im.Tests.Compat;

public sealed class UserListSpecs : CompatSpecs
{
    [Theory]
    [InlineData("/user/list?appId=101")]
    [InlineData("/user/list?appID=101")]
    [InlineData("/user/list?APPID=101")]
    [InlineData("/user/list?appId=%2B101")]
    public async Task Should_list_the_lobby_in_the_seeds_bytes_when_asked_in_any_spelling(string path)
    {
        Broker.Members.AddRange(["alice", "马远"]);

        (await Host.GetTextAsync(path)).ShouldBe("""{"code":200,"msg":"Success","data":{"userCount":2,"userList":["alice","马远"]}}""");

        Broker.Listed.ShouldHaveSingleItem().ShouldBe((new AppId(101), ConversationId.Lobby));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?appId=")]
    [InlineData("?appId=0")]
    [InlineData("?appId=abc")]
    [InlineData("?appId=999")]
    [InlineData("?appId=-1")]
    [InlineData("?appId=99999999999")]
    public async Task Should_answer_an_empty_list_without_asking_the_broker_when_the_app_is_not_configured(string query)
    {
        Broker.Members.Add("alice");

        (await Host.GetTextAsync("/user/list" + query)).ShouldBe("""{"code":200,"msg":"Success","data":{"userCount":0,"userList":[]}}""");

        Broker.Listed.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("green", "r:green")]
    [InlineData("r:green", "r:green")]
    [InlineData("", "r:lobby")]
    public async Task Should_list_the_named_room_when_a_room_is_given(string room, string conversation)
    {
        await Host.GetTextAsync($"/user/list?appId=102&room={room}");

        Broker.Listed.ShouldHaveSingleItem().ShouldBe((new AppId(102), new ConversationId(conversation)));
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a%7Cb")]
    [InlineData("%00")]
    public async Task Should_answer_1001_when_the_room_is_no_name(string room) =>
        (await Host.GetTextAsync($"/user/list?appId=101&room={room}")).ShouldBe("""{"code":1001,"msg":"参数不合法","data":{}}""");

    [Fact]
    public async Task Should_read_every_page_when_the_room_is_large()
    {
        Broker.PageLimit = 7;
        Broker.Members.AddRange(Enumerable.Range(0, 50).Select(static i => $"u{i:d3}"));

        var text = await Host.GetTextAsync("/user/list?appId=101");

        text.ShouldContain("\"userCount\":50,");
        text.ShouldContain("\"u000\"");
        text.ShouldContain("\"u049\"");
    }

    [Fact]
    public async Task Should_cut_the_list_and_say_so_when_it_is_beyond_its_bound()
    {
        Broker.Members.AddRange(Enumerable.Range(0, SeedOperations.MaxListedUsers + 1).Select(static i => $"u{i:d6}"));

        var text = await Host.GetTextAsync("/user/list?appId=101");

        text.ShouldStartWith("""{"code":200,"msg":"Success","data":{"truncated":true,"userCount":100000,""");
    }

    [Fact]
    public async Task Should_escape_as_the_seed_when_a_name_holds_markup()
    {
        Broker.Members.Add("<b>&\u2028😀\"\\");

        (await Host.GetTextAsync("/user/list?appId=101")).ShouldContain("""["\u003cb\u003e\u0026\u202890\"\\"]""".Replace("90", "😀", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_be_json_of_utf8_that_nobody_caches_when_answered()
    {
        using var response = await Host.Client.GetAsync(new Uri("/user/list?appId=101", UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.ToString().ShouldBe("application/json; charset=utf-8");
        response.Content.Headers.ContentLength.ShouldNotBeNull();
        response.Headers.CacheControl?.ToString().ShouldBe("no-store");
    }
}
