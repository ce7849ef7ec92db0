using System.Net;
using Im.Actors.Edge;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>Names in paths: exactly what was percent-encoded arrives, whatever it holds.</summary>
public sealed class IngressPathsSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    private const string Push = """{"msg":"hi","persist":false}""";

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb%2F", "a/b/")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("100%25", "100%")]
    [InlineData("a%20b", "a b")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%3Fb%23c", "a?b#c")]
    [InlineData("%E9%A9%AC%E8%BF%9C", "马远")]
    [InlineData("%F0%9F%91%8B", "👋")]
    [InlineData("a:push", "a:push")]
    [InlineData("a%3Apush", "a:push")]
    [InlineData("a:kick", "a:kick")]
    [InlineData(":", ":")]
    [InlineData("..", "..")]
    [InlineData("a;v=1", "a;v=1")]
    [InlineData("a&b='c'", "a&b='c'")]
    [InlineData("%61lice", "alice")]
    public async Task Should_take_the_user_as_encoded_when_it_stands_before_a_verb(string segment, string user)
    {
        var (status, body) = await host.PostAsync($"/api/v1/apps/101/users/{segment}:push", Push);

        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        host.Broker.Last<UserPush>().User.Value.ShouldBe(user);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("%E9%A9%AC", "马")]
    [InlineData("a:push", "a:push")]
    public async Task Should_take_the_user_as_encoded_when_it_is_a_segment_of_its_own(string segment, string user)
    {
        var (status, _) = await host.GetAsync($"/api/v1/apps/101/users/{segment}/connections");

        status.ShouldBe(HttpStatusCode.OK);
        host.Broker.Last<FakeBroker.UserCall>().User.Value.ShouldBe(user);
    }

    [Theory]
    [InlineData("r%3Alobby", "r:lobby")]
    [InlineData("r:lobby", "r:lobby")]
    [InlineData("r%3Aa%20b", "r:a b")]
    [InlineData("r%3Aa%3Ab:push", "r:a:b:push")]
    [InlineData("r%3A%E5%A4%A7%E5%8E%85", "r:大厅")]
    [InlineData("r%3Aa%252Fb", "r:a%2Fb")]
    public async Task Should_take_the_room_as_encoded_when_it_stands_before_a_verb(string segment, string room)
    {
        var (status, body) = await host.PostAsync($"/api/v1/apps/101/conversations/{segment}:push", Push);

        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        host.Broker.Last<ConversationPush>().Conversation.Value.ShouldBe(room);
    }

    [Theory]
    [InlineData("a%2")]
    [InlineData("%zz")]
    [InlineData("%FF")]
    [InlineData("%C0%AF")]
    [InlineData("%ED%A0%80")]
    public async Task Should_name_the_field_when_the_encoding_is_malformed(string segment)
    {
        var (status, body) = await host.PostAsync($"/api/v1/apps/101/users/{segment}:push", Push);

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("details")[0].GetProperty("fieldViolations")[0].GetProperty("field").GetString().ShouldBe("user");
    }

    [Fact]
    public async Task Should_prefer_the_path_when_the_body_names_another_user()
    {
        await host.PostAsync("/api/v1/apps/101/users/alice:push", """{"app":102,"user":"bob","msg":"hi","persist":false}""");

        var push = host.Broker.Last<UserPush>();
        (push.App.Value, push.User.Value).ShouldBe((101u, "alice"));
    }

    [Theory]
    [InlineData("GET", "/api/v1/apps/101/users/alice:push")]
    [InlineData("POST", "/api/v1/apps/101/users/alice:pusch")]
    [InlineData("POST", "/api/v1/apps/101/users/:push")]
    [InlineData("POST", "/api/v1/apps/101/users/a/b:push")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("GET", "/api/v1/apps/101/users/%2E%2E/connections")]
    public async Task Should_answer_a_status_when_there_is_no_such_route(string method, string path)
    {
        var (status, body) = await host.SendAsync(HttpMethod.Parse(method), path, method == "POST" ? Push : null);

        status.ShouldBe(HttpStatusCode.NotFound);
        body.GetProperty("code").GetInt32().ShouldBe(5);
    }
}
