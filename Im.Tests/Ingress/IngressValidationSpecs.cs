using System.Net;
using System.Text.Json;
using Grpc.Core;
using Im.Protocol.Ingress.V1;
using Shouldly;
using Xunit;

namespace Im.Tests.Ingress;

/// <summary>Every rule of the protos: the code, and the field that the error names.</summary>
public sealed class IngressValidationSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    private const int InvalidArgument = 3;
    private const int NotFound = 5;

    [Theory]
    [MemberData(nameof(InvalidPosts.All), MemberType = typeof(InvalidPosts))]
    public async Task Should_name_the_field_when_a_post_is_not_valid(string path, string json, int code, string? field)
    {
        var (status, body) = await host.PostAsync(path, json);

        body.GetProperty("code").GetInt32().ShouldBe(code, body.ToString());
        status.ShouldBe(code == NotFound ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest);
        FieldsOf(body).ShouldBe(field is null ? [] : [field]);
    }

    [Theory]
    [InlineData("/api/v1/apps/101/users?pageSize=-1", "pageSize")]
    [InlineData("/api/v1/apps/101/users?pageSize=1001", "pageSize")]
    [InlineData("/api/v1/apps/101/users?pageSize=ten", "pageSize")]
    [InlineData("/api/v1/apps/101/users?pageSize=", "pageSize")]
    [InlineData("/api/v1/apps/101/users?pageSize=1&pageSize=2", "pageSize")]
    [InlineData("/api/v1/apps/101/users?pageToken=nonsense", "pageToken")]
    [InlineData("/api/v1/apps/101/users?pageToken=%20", "pageToken")]
    [InlineData("/api/v1/apps/101/users?conv=lobby", "conv")]
    [InlineData("/api/v1/apps/101/users/a%7Cb/connections", "user")]
    [InlineData("/api/v1/apps/101/users/alice/connections?pageSize=1001", "pageSize")]
    [InlineData("/api/v1/apps/101/users/alice/connections?pageToken=x", "pageToken")]
    [InlineData("/api/v1/apps/x/users", "app")]
    [InlineData("/api/v1/apps/101/users?conv=g%3Ateam", "conv")]
    [InlineData("/api/v1/apps/101/deliveries/short", "mid")]
    [InlineData("/api/v1/apps/101/deliveries/01JD0000000000000000000_AA", "mid")]
    [InlineData("/api/v1/apps/101/conversations/lobby/messages", "conv")]
    [InlineData("/api/v1/apps/101/conversations/p%3Ab%7Ca/messages", "conv")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?limit=201", "limit")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?limit=-1", "limit")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?before=0", "before")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?before=x", "before")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?after=-1", "after")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?after=99999999999999999999", "after")]
    [InlineData("/api/v1/apps/101/conversations/r%3Aa/messages?before=5&after=1", "after")]
    [InlineData("/api/v1/apps/101/groups/g%3Ateam", "group")]
    [InlineData("/api/v1/apps/101/groups/a%7Cb", "group")]
    public async Task Should_name_the_field_when_a_get_is_not_valid(string path, string field)
    {
        var (status, body) = await host.GetAsync(path);

        status.ShouldBe(HttpStatusCode.BadRequest);
        body.GetProperty("code").GetInt32().ShouldBe(InvalidArgument);
        FieldsOf(body).ShouldBe([field]);
    }

    [Fact]
    public async Task Should_refuse_a_page_token_of_another_query()
    {
        var (_, page) = await host.GetAsync("/api/v1/apps/101/users?pageSize=1");

        var (status, body) = await host.GetAsync($"/api/v1/apps/102/users?pageToken={page.GetProperty("nextPageToken").GetString()}");

        status.ShouldBe(HttpStatusCode.BadRequest);
        FieldsOf(body).ShouldBe(["pageToken"]);
    }

    [Fact]
    public async Task Should_tell_every_error_at_once()
    {
        var (_, body) = await host.PostAsync(InvalidPosts.UserPush, """{"type":"x","from":"|","timeoutMs":-1,"platforms":["tv"],"persist":false}""");

        FieldsOf(body).ShouldBe(["platforms[0]", "timeoutMs", "from", "type"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"msg":"hi","persist":false,"timeoutMs":30000}""")]
    [InlineData("""{"msg":"hi"}""")]
    [InlineData("""{"msg":"hi","persist":null}""")]
    [InlineData("""{"msg":"hi","persist":true,"waitFor":"ACKED","ttlMs":31536000000}""")]
    [InlineData("""{"msg":"hi","persist":false,"waitFor":2}""")]
    [InlineData("""{"msg":"hi","persist":false,"waitFor":"WAIT_FOR_UNSPECIFIED"}""")]
    [InlineData("""{"msg":"hi","persist":false,"wait_for":"WRITTEN","timeout_ms":5}""")]
    [InlineData("""{"msg":"hi","persist":false,"unknown":[1]}""")]
    [InlineData("""{"msg":null,"type":"custom","persist":false}""")]
    [InlineData("""{"msg":"\u0000 any text","persist":false}""")]
    public async Task Should_accept_what_the_json_mapping_allows(string json)
    {
        var (status, body) = await host.PostAsync(InvalidPosts.UserPush, json);

        status.ShouldBe(HttpStatusCode.OK, body.ToString());
    }

    [Fact]
    public async Task Should_accept_what_is_exactly_at_the_bounds()
    {
        var text = await host.PostAsync(InvalidPosts.UserPush, $$"""{"msg":"{{InvalidPosts.Text16K}}","ext":{{InvalidPosts.Nested(16)}},"persist":false}""");
        var ext = await host.PostAsync(InvalidPosts.UserPush, $$"""{"msg":"hi","ext":{"a":"{{new string('x', 4096 - 8)}}"},"persist":false}""");
        var users = await host.PostAsync(InvalidPosts.UsersPush, $$"""{"users":[{{InvalidPosts.Numbered(1000)}}],"msg":"hi","persist":false}""");
        var online = await host.PostAsync(InvalidPosts.Online, $$"""{"users":[{{InvalidPosts.Numbered(1000)}}]}""");
        var page = await host.GetAsync("/api/v1/apps/101/users?pageSize=1000");

        new[] { text.Status, ext.Status, users.Status, online.Status, page.Status }.ShouldAllBe(status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Should_refuse_a_body_that_is_not_declared_as_json()
    {
        using var form = new StringContent("""{"msg":"hi","persist":false}""", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await host.Http.PostAsync(InvalidPosts.UserPush, form);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        FieldsOf(JsonElement.Parse(await response.Content.ReadAsStringAsync())).ShouldBe(["body"]);
    }

    [Fact]
    public async Task Should_bound_a_body_of_unknown_length()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, InvalidPosts.UserPush) { Content = new ByteArrayContent(new byte[2_000_000]) };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new("application/json");
        using var response = await host.Http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        FieldsOf(JsonElement.Parse(await response.Content.ReadAsStringAsync())).ShouldBe(["body"]);
    }

    [Fact]
    public async Task Should_carry_the_details_when_a_call_is_not_valid_by_grpc()
    {
        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "a|b", Msg = "hi", Persist = false }));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var status = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        status.Details.Single().Unpack<Google.Rpc.BadRequest>().FieldViolations.Single().Field.ShouldBe("user");
    }

    [Fact]
    public async Task Should_say_why_by_grpc_when_a_broadcast_is_to_be_kept()
    {
        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(host.Grpc).BroadcastAsync(new BroadcastRequest { App = 101, Msg = "hi" }));

        error.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        error.Status.Detail.ShouldStartWith("persist: a broadcast");
    }

    [Fact]
    public async Task Should_refuse_numbers_that_json_cannot_hold_by_grpc()
    {
        var ext = new Google.Protobuf.WellKnownTypes.Struct { Fields = { ["a"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(double.NaN) } };

        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "alice", Msg = "hi", Persist = false, Ext = ext }));

        error.Status.Detail.ShouldStartWith("ext:");
    }

    [Fact]
    public async Task Should_refuse_a_message_above_the_limit_by_grpc()
    {
        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "alice", Msg = new string('x', 1_100_000), Persist = false }));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    /// <summary>The fields of BadRequest, or the subjects of PreconditionFailure.</summary>
    private static IEnumerable<string?> FieldsOf(JsonElement status) =>
        from detail in status.GetProperty("details").EnumerateArray()
        let isField = detail.TryGetProperty("fieldViolations", out _)
        from violation in detail.GetProperty(isField ? "fieldViolations" : "violations").EnumerateArray()
        select violation.GetProperty(isField ? "field" : "subject").GetString();
}
