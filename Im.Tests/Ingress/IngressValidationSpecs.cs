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
    private const int FailedPrecondition = 9;

    private const string UserPush = "/api/v1/apps/101/users/alice:push";
    private const string UsersPush = "/api/v1/apps/101/users:push";
    private const string RoomPush = "/api/v1/apps/101/conversations/r%3Alobby:push";
    private const string Broadcast = "/api/v1/apps/101:broadcast";
    private const string Online = "/api/v1/apps/101/users:queryOnline";
    private const string Kick = "/api/v1/apps/101/users/alice:kick";
    private const string Disconnect = "/api/v1/apps/101/connections/n1-7:disconnect";

    private static readonly string Text16K = new('x', 16 * 1024);
    private static readonly string Bytes65 = new('u', 65);

    public static TheoryData<string, string, int, string?> Posts
    {
        get
        {
            var data = new TheoryData<string, string, int, string?>
            {
                // Persistence comes with storage; until then a caller says that a push may be lost.
                { UserPush, """{"msg":"hi"}""", FailedPrecondition, "persist" },
                { UserPush, """{"msg":"hi","persist":true}""", FailedPrecondition, "persist" },
                { UserPush, """{"msg":"hi","persist":null}""", FailedPrecondition, "persist" },
                { UserPush, """{"msg":"hi","persist":true,"waitFor":"ACKED"}""", FailedPrecondition, "persist" },
                { UsersPush, """{"users":["a"],"msg":"hi"}""", FailedPrecondition, "persist" },
                { UsersPush, """{"users":["a"],"msg":"hi","persist":true}""", FailedPrecondition, "persist" },
                { RoomPush, """{"msg":"hi"}""", FailedPrecondition, "persist" },
                { Broadcast, """{"msg":"hi","persist":true}""", FailedPrecondition, "persist" },

                // Waiting.
                { UserPush, """{"msg":"hi","persist":false,"waitFor":"ACKED"}""", InvalidArgument, "waitFor" },
                { UserPush, """{"msg":"hi","persist":false,"waitFor":"STORED"}""", InvalidArgument, "waitFor" },
                { UserPush, """{"msg":"hi","persist":false,"waitFor":"SOON"}""", InvalidArgument, "waitFor" },
                { UserPush, """{"msg":"hi","persist":false,"waitFor":17}""", InvalidArgument, "waitFor" },
                { UserPush, """{"msg":"hi","persist":false,"waitFor":true}""", InvalidArgument, "waitFor" },
                { UsersPush, """{"users":["a"],"msg":"hi","persist":false,"waitFor":"ACKED"}""", InvalidArgument, "waitFor" },
                { UserPush, """{"msg":"hi","persist":false,"timeoutMs":-1}""", InvalidArgument, "timeoutMs" },
                { UserPush, """{"msg":"hi","persist":false,"timeoutMs":30001}""", InvalidArgument, "timeoutMs" },
                { UserPush, """{"msg":"hi","persist":false,"timeoutMs":1.5}""", InvalidArgument, "timeoutMs" },
                { UserPush, """{"msg":"hi","persist":false,"timeoutMs":"250"}""", InvalidArgument, "timeoutMs" },
                { UserPush, """{"msg":"hi","persist":false,"timeoutMs":99999999999}""", InvalidArgument, "timeoutMs" },
                { UsersPush, """{"users":["a"],"msg":"hi","persist":false,"timeoutMs":30001}""", InvalidArgument, "timeoutMs" },
                { RoomPush, """{"msg":"hi","persist":false,"timeoutMs":-5}""", InvalidArgument, "timeoutMs" },
                { Broadcast, """{"msg":"hi","persist":false,"timeoutMs":30001}""", InvalidArgument, "timeoutMs" },

                // Content.
                { UserPush, """{"persist":false}""", InvalidArgument, "msg" },
                { UserPush, """{"msg":"","persist":false}""", InvalidArgument, "msg" },
                { UserPush, """{"msg":7,"persist":false}""", InvalidArgument, "msg" },
                { UserPush, $$"""{"msg":"{{Text16K}}x","persist":false}""", InvalidArgument, "msg" },
                { UserPush, $$"""{"msg":"{{Text16K[..^1]}}é","persist":false}""", InvalidArgument, "msg" },
                { RoomPush, $$"""{"msg":"{{Text16K}}x","persist":false}""", InvalidArgument, "msg" },
                { Broadcast, """{"msg":"","persist":false}""", InvalidArgument, "msg" },
                { UserPush, """{"msg":"hi","type":"event","persist":false}""", InvalidArgument, "type" },
                { UserPush, """{"msg":"hi","type":"Text","persist":false}""", InvalidArgument, "type" },
                { RoomPush, """{"msg":"hi","type":"enter","persist":false}""", InvalidArgument, "type" },
                { UserPush, """{"msg":"hi","from":"a|b","persist":false}""", InvalidArgument, "from" },
                { UserPush, """{"msg":"hi","from":"a\u0000b","persist":false}""", InvalidArgument, "from" },
                { Broadcast, $$"""{"msg":"hi","from":"{{Bytes65}}","persist":false}""", InvalidArgument, "from" },
                { UserPush, """{"msg":"hi","persist":"no"}""", InvalidArgument, "persist" },
                { UserPush, """{"msg":"hi","ext":[1],"persist":false}""", InvalidArgument, "ext" },
                { UserPush, """{"msg":"hi","ext":"{}","persist":false}""", InvalidArgument, "ext" },
                { UserPush, $$"""{"msg":"hi","ext":{"a":"{{new string('x', 4096)}}"},"persist":false}""", InvalidArgument, "ext" },
                { UserPush, $$"""{"msg":"hi","ext":{{Nested(17)}},"persist":false}""", InvalidArgument, "ext" },
                { RoomPush, $$"""{"msg":"hi","ext":{{Nested(17)}},"persist":false}""", InvalidArgument, "ext" },

                // Platforms and keys.
                { UserPush, """{"msg":"hi","platforms":["web","tv"],"persist":false}""", InvalidArgument, "platforms[1]" },
                { UserPush, """{"msg":"hi","platforms":["Web"],"persist":false}""", InvalidArgument, "platforms[0]" },
                { UserPush, """{"msg":"hi","platforms":"web","persist":false}""", InvalidArgument, "platforms" },
                { UserPush, """{"msg":"hi","platforms":[1],"persist":false}""", InvalidArgument, "platforms[0]" },
                { Broadcast, """{"msg":"hi","platforms":[""],"persist":false}""", InvalidArgument, "platforms[0]" },
                { Kick, """{"platforms":["phone"]}""", InvalidArgument, "platforms[0]" },
                { UserPush, """{"msg":"hi","idempotencyKey":"a b","persist":false}""", InvalidArgument, "idempotencyKey" },
                { UserPush, $$"""{"msg":"hi","idempotencyKey":"{{Bytes65}}","persist":false}""", InvalidArgument, "idempotencyKey" },
                { RoomPush, """{"msg":"hi","idempotencyKey":"ключ","persist":false}""", InvalidArgument, "idempotencyKey" },

                // Users.
                { "/api/v1/apps/101/users/a%7Cb:push", """{"msg":"hi","persist":false}""", InvalidArgument, "user" },
                { "/api/v1/apps/101/users/a%07:push", """{"msg":"hi","persist":false}""", InvalidArgument, "user" },
                { $"/api/v1/apps/101/users/{Bytes65}:push", """{"msg":"hi","persist":false}""", InvalidArgument, "user" },
                { $"/api/v1/apps/101/users/{string.Concat(Enumerable.Repeat("%E9%A9%AC", 22))}:push", """{"msg":"hi","persist":false}""", InvalidArgument, "user" },
                { "/api/v1/apps/101/users/a%7Cb:kick", "{}", InvalidArgument, "user" },
                { UsersPush, """{"users":[],"msg":"hi","persist":false}""", InvalidArgument, "users" },
                { UsersPush, """{"msg":"hi","persist":false}""", InvalidArgument, "users" },
                { UsersPush, """{"users":"a","msg":"hi","persist":false}""", InvalidArgument, "users" },
                { UsersPush, """{"users":["a",""],"msg":"hi","persist":false}""", InvalidArgument, "users[1]" },
                { UsersPush, """{"users":["a","b|c"],"msg":"hi","persist":false}""", InvalidArgument, "users[1]" },
                { UsersPush, """{"users":["a","b","a"],"msg":"hi","persist":false}""", InvalidArgument, "users[2]" },
                { UsersPush, """{"users":["a",null],"msg":"hi","persist":false}""", InvalidArgument, "users[1]" },
                { UsersPush, $$"""{"users":[{{Numbered(1001)}}],"msg":"hi","persist":false}""", InvalidArgument, "users" },
                { Online, """{"users":[]}""", InvalidArgument, "users" },
                { Online, "{}", InvalidArgument, "users" },
                { Online, """{"users":["a",7]}""", InvalidArgument, "users[1]" },
                { Online, $$"""{"users":[{{Numbered(1001)}}]}""", InvalidArgument, "users" },

                // Rooms.
                { "/api/v1/apps/101/conversations/lobby:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/r%3A:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/x%3Aa:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/r%3Aa%2Fb:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/r%3Aa%7Cb:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { $"/api/v1/apps/101/conversations/r%3A{Bytes65}:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/g%3A42:push", """{"msg":"hi","persist":false}""", FailedPrecondition, "conv" },
                { "/api/v1/apps/101/conversations/u%3Aalice:push", """{"msg":"hi","persist":false}""", FailedPrecondition, "conv" },
                { "/api/v1/apps/101/conversations/p%3Aa%7Cb:push", """{"msg":"hi","persist":false}""", FailedPrecondition, "conv" },

                // Closing connections.
                { Kick, """{"reason":"a\nb"}""", InvalidArgument, "reason" },
                { Kick, $$"""{"reason":"{{new string('r', 101)}}"}""", InvalidArgument, "reason" },
                { Disconnect, $$"""{"reason":"{{new string('马', 34)}}"}""", InvalidArgument, "reason" },
                { "/api/v1/apps/101/connections/a%20b:disconnect", "{}", InvalidArgument, "connection" },
                { $"/api/v1/apps/101/connections/{new string('c', 129)}:disconnect", "{}", InvalidArgument, "connection" },

                // Apps.
                { "/api/v1/apps/7/users/alice:push", """{"msg":"hi","persist":false}""", NotFound, null },
                { "/api/v1/apps/0/users:push", """{"users":["a"],"msg":"hi","persist":false}""", NotFound, null },
                { "/api/v1/apps/7/conversations/r%3Alobby:push", """{"msg":"hi","persist":false}""", NotFound, null },
                { "/api/v1/apps/7:broadcast", """{"msg":"hi","persist":false}""", NotFound, null },
                { "/api/v1/apps/7/users:queryOnline", """{"users":["a"]}""", NotFound, null },
                { "/api/v1/apps/7/users/alice:kick", "{}", NotFound, null },
                { "/api/v1/apps/7/connections/n1-7:disconnect", "{}", NotFound, null },
                { "/api/v1/apps/abc/users/alice:push", """{"msg":"hi","persist":false}""", InvalidArgument, "app" },
                { "/api/v1/apps/-1:broadcast", """{"msg":"hi","persist":false}""", InvalidArgument, "app" },
                { "/api/v1/apps/4294967296:broadcast", """{"msg":"hi","persist":false}""", InvalidArgument, "app" },

                // Bodies.
                { UserPush, """{"msg":""", InvalidArgument, "body" },
                { UserPush, "[]", InvalidArgument, "body" },
                { UserPush, "null", InvalidArgument, "body" },
                { UserPush, """{"msg":"a","msg":"b","persist":false}""", InvalidArgument, "body" },
                { UserPush, $$"""{"msg":"hi","ext":{{Nested(40)}},"persist":false}""", InvalidArgument, "body" },
                { UserPush, new string(' ', 1_048_577), InvalidArgument, "body" },
            };
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Posts))]
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
        var (_, body) = await host.PostAsync(UserPush, """{"type":"x","from":"|","timeoutMs":-1,"platforms":["tv"],"persist":false}""");

        FieldsOf(body).ShouldBe(["platforms[0]", "timeoutMs", "from", "type"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"msg":"hi","persist":false,"timeoutMs":30000}""")]
    [InlineData("""{"msg":"hi","persist":false,"waitFor":2}""")]
    [InlineData("""{"msg":"hi","persist":false,"waitFor":"WAIT_FOR_UNSPECIFIED"}""")]
    [InlineData("""{"msg":"hi","persist":false,"wait_for":"WRITTEN","timeout_ms":5}""")]
    [InlineData("""{"msg":"hi","persist":false,"unknown":[1]}""")]
    [InlineData("""{"msg":null,"type":"custom","persist":false}""")]
    [InlineData("""{"msg":"\u0000 any text","persist":false}""")]
    public async Task Should_accept_what_the_json_mapping_allows(string json)
    {
        var (status, body) = await host.PostAsync(UserPush, json);

        status.ShouldBe(HttpStatusCode.OK, body.ToString());
    }

    [Fact]
    public async Task Should_accept_what_is_exactly_at_the_bounds()
    {
        var text = await host.PostAsync(UserPush, $$"""{"msg":"{{Text16K}}","ext":{{Nested(16)}},"persist":false}""");
        var ext = await host.PostAsync(UserPush, $$"""{"msg":"hi","ext":{"a":"{{new string('x', 4096 - 8)}}"},"persist":false}""");
        var users = await host.PostAsync(UsersPush, $$"""{"users":[{{Numbered(1000)}}],"msg":"hi","persist":false}""");
        var online = await host.PostAsync(Online, $$"""{"users":[{{Numbered(1000)}}]}""");
        var page = await host.GetAsync("/api/v1/apps/101/users?pageSize=1000");

        new[] { text.Status, ext.Status, users.Status, online.Status, page.Status }.ShouldAllBe(status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Should_refuse_a_body_that_is_not_declared_as_json()
    {
        using var form = new StringContent("""{"msg":"hi","persist":false}""", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await host.Http.PostAsync(UserPush, form);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        FieldsOf(JsonElement.Parse(await response.Content.ReadAsStringAsync())).ShouldBe(["body"]);
    }

    [Fact]
    public async Task Should_bound_a_body_of_unknown_length()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, UserPush) { Content = new ByteArrayContent(new byte[2_000_000]) };
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
    public async Task Should_refuse_persisting_by_grpc_when_it_is_absent()
    {
        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new PushService.PushServiceClient(host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "alice", Msg = "hi" }));

        (error.StatusCode, error.Status.Detail).ShouldBe((StatusCode.FailedPrecondition, "set persist=false: not built yet"));
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

    private static string Nested(int levels) => string.Concat(Enumerable.Repeat("""{"a":""", levels - 1)) + "{}" + new string('}', levels - 1);

    private static string Numbered(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"user{i}\""));
}
