using System.Net;
using Im.Actors.Edge;
using Im.Protocol.Ingress.V1;
using Im.Protocol.Names;
using Shouldly;
using Xunit;
using State = Im.Protocol.Ingress.V1.UserDelivery.Types.State;

namespace Im.Tests.Ingress;

/// <summary>Every method in both forms against the same broker.</summary>
public sealed class IngressRoutesSpecs(IngressHost host) : IClassFixture<IngressHost>
{
    private const string Push = """{"msg":"hi","persist":false,"ext":{"b":1,"a":[null,true,"马",{"x":1.5}]}}""";

    [Fact]
    public async Task Should_answer_each_device_when_pushing_to_a_user_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101/users/alice:push", Push);

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"mid":"01JD00000000000000000000AA","conv":"u:alice","epoch":"","mseq":0,"dup":false,"durability":"none","tookMs":4,"user":{"user":"alice","state":"WRITTEN","devices":[{"device":"device-0001","platform":"web","connection":"n1-7","state":"WRITTEN","ms":3,"why":""}]}}""");
    }

    [Fact]
    public async Task Should_hand_over_what_was_given_when_pushing_to_a_user_by_http()
    {
        await host.PostAsync("/api/v1/apps/102/users/handed:push", """{"from":"shop","type":"card","msg":"","ext":{"z":1,"a":"马"},"persist":false,"platforms":["ios","web","ios"],"waitFor":"WRITTEN","timeoutMs":250}""");

        var push = host.Broker.Last<UserPush>();
        (push.App.Value, push.User.Value, push.From, push.Type, push.Text, push.Ext).ShouldBe((102u, "handed", "shop", "card", "", """{"z":1,"a":"马"}"""));
        push.Platforms.ShouldBe(["ios", "web"]);
        (push.WaitFor, push.Timeout).ShouldBe((Actors.Edge.WaitFor.Written, TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public async Task Should_apply_defaults_when_pushing_to_a_user_by_grpc()
    {
        var answer = await new PushService.PushServiceClient(host.Grpc).PushToUserAsync(new PushToUserRequest { App = 101, User = "马远", Msg = "hi", Persist = false });

        answer.User.State.ShouldBe(State.Written);
        var push = host.Broker.Last<UserPush>();
        (push.User.Value, push.From, push.Type, push.Ext, push.IdempotencyKey).ShouldBe(("马远", "system", "text", null, null));
        (push.WaitFor, push.Timeout).ShouldBe((Actors.Edge.WaitFor.Written, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Should_answer_in_the_order_of_the_request_when_pushing_to_users_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101/users:push", """{"users":["c","a","b"],"msg":"hi","persist":false}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("user").GetProperty("user").GetString()).ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public async Task Should_answer_each_user_when_pushing_to_users_by_grpc()
    {
        var answer = await new PushService.PushServiceClient(host.Grpc).PushToUsersAsync(new PushToUsersRequest { App = 101, Users = { "a", "b" }, Msg = "hi", Persist = false });

        answer.Results.Select(result => (result.User.User, result.User.State)).ShouldBe([("a", State.Written), ("b", State.Written)]);
    }

    [Fact]
    public async Task Should_answer_counts_when_pushing_to_a_room_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101/conversations/r%3Alobby:push", Push);

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"mid":"01JD00000000000000000000AB","conv":"r:lobby","epoch":"","mseq":0,"dup":false,"durability":"none","tookMs":2,"nodes":[{"node":"n1","members":5,"queued":4,"dropped":1}],"partial":false}""");
        host.Broker.Last<ConversationPush>().Numbered.ShouldBeFalse();
    }

    [Fact]
    public async Task Should_answer_counts_when_pushing_to_a_room_by_grpc()
    {
        var answer = await new PushService.PushServiceClient(host.Grpc).PushToConversationAsync(new PushToConversationRequest { App = 101, Conv = "r:lobby", Msg = "hi", Persist = false });

        answer.Nodes.ShouldHaveSingleItem().Queued.ShouldBe(4);
    }

    [Fact]
    public async Task Should_answer_counts_when_broadcasting_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101:broadcast", """{"msg":"hi","persist":false,"platforms":["web"]}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("nodes")[0].GetProperty("members").GetInt32().ShouldBe(5);
        host.Broker.Last<AppPush>().Platforms.ShouldBe(["web"]);
    }

    [Fact]
    public async Task Should_answer_counts_when_broadcasting_by_grpc()
    {
        var answer = await new PushService.PushServiceClient(host.Grpc).BroadcastAsync(new BroadcastRequest { App = 101, Msg = "hi", Persist = false });

        answer.Nodes.ShouldHaveSingleItem().Node.ShouldBe("n1");
    }

    [Fact]
    public async Task Should_answer_each_state_when_querying_who_is_online_by_http()
    {
        host.Broker.OnQueryOnline = user => new Actors.Edge.UserPresence(user, user.Value switch { "on" => true, "off" => false, _ => null }, ["web"]);

        var (status, body) = await host.PostAsync("/api/v1/apps/101/users:queryOnline", """{"users":["on","off","lost","on"]}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"users":[{"user":"on","state":"ONLINE","platforms":["web"]},{"user":"off","state":"OFFLINE","platforms":[]},{"user":"lost","state":"UNKNOWN","platforms":[]},{"user":"on","state":"ONLINE","platforms":["web"]}]}""");
    }

    [Fact]
    public async Task Should_answer_each_user_when_querying_who_is_online_by_grpc()
    {
        var answer = await new PresenceService.PresenceServiceClient(host.Grpc).QueryOnlineAsync(new QueryOnlineRequest { App = 101, Users = { "a", "b" } });

        answer.Users.Select(user => user.User).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Should_walk_the_pages_when_listing_users_by_http()
    {
        var (_, first) = await host.GetAsync("/api/v1/apps/101/users?pageSize=2&conv=r%3Alobby");
        var token = first.GetProperty("nextPageToken").GetString();
        var (status, second) = await host.GetAsync($"/api/v1/apps/101/users?pageSize=2&conv=r%3Alobby&pageToken={token}");

        status.ShouldBe(HttpStatusCode.OK);
        first.GetProperty("total").GetInt64().ShouldBe(3);
        second.GetRawText().ShouldBe("""{"users":["马远"],"total":3,"nextPageToken":"","partial":false}""");
        host.Broker.Last<FakeBroker.ListUsersCall>().ShouldBe(new FakeBroker.ListUsersCall(new AppId(101), ConversationId.Lobby, 2, "bob"));
    }

    [Fact]
    public async Task Should_take_100_a_page_when_listing_users_by_grpc()
    {
        var answer = await new PresenceService.PresenceServiceClient(host.Grpc).ListUsersAsync(new ListUsersRequest { App = 101 });

        answer.Users.ShouldBe(["alice", "bob", "马远"]);
        host.Broker.Last<FakeBroker.ListUsersCall>().Limit.ShouldBe(100);
    }

    [Fact]
    public async Task Should_describe_a_connection_when_listing_connections_by_http()
    {
        var (status, body) = await host.GetAsync("/api/v1/apps/101/users/alice/connections");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"connections":[{"connection":"n1-7","node":"n1","level":2,"device":"device-0001","platform":"web","remoteAddress":"127.0.0.1:40000","loggedInAt":"1970-01-01T00:00:00Z"}],"nextPageToken":"","partial":false}""");
    }

    [Fact]
    public async Task Should_walk_the_pages_when_listing_connections_by_grpc()
    {
        var client = new PresenceService.PresenceServiceClient(host.Grpc);
        host.Broker.Connections.Add(host.Broker.Connections[0] with { ConnectionId = "n1-1", Device = null });

        var first = await client.ListConnectionsAsync(new ListConnectionsRequest { App = 101, User = "alice", PageSize = 1 });
        var second = await client.ListConnectionsAsync(new ListConnectionsRequest { App = 101, User = "alice", PageSize = 1, PageToken = first.NextPageToken });
        host.Broker.Connections.RemoveAt(1);

        first.Connections.ShouldHaveSingleItem().Connection_.ShouldBe("n1-1");
        second.Connections.ShouldHaveSingleItem().Connection_.ShouldBe("n1-7");
        second.NextPageToken.ShouldBeEmpty();
    }

    [Fact]
    public async Task Should_say_what_was_closed_when_kicking_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101/users/alice:kick", """{"platforms":["web"],"reason":"maintenance 维护"}""");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetRawText().ShouldBe("""{"closed":[{"connection":"n1-7","node":"n1"}],"partial":false}""");
        var call = host.Broker.Last<FakeBroker.KickCall>();
        (call.User.Value, call.Reason, call.Platforms.Single()).ShouldBe(("alice", "maintenance 维护", "web"));
    }

    [Fact]
    public async Task Should_need_no_body_when_kicking_by_http()
    {
        var (status, _) = await host.PostAsync("/api/v1/apps/101/users/alice:kick");

        status.ShouldBe(HttpStatusCode.OK);
        host.Broker.Last<FakeBroker.KickCall>().Reason.ShouldBe("kicked");
    }

    [Fact]
    public async Task Should_say_what_was_closed_when_kicking_by_grpc()
    {
        var answer = await new SessionService.SessionServiceClient(host.Grpc).KickAsync(new KickRequest { App = 101, User = "alice" });

        answer.Closed.ShouldHaveSingleItem().Node.ShouldBe("n1");
    }

    [Fact]
    public async Task Should_name_the_connection_when_disconnecting_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/apps/101/connections/n1-7:disconnect");

        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("closed")[0].GetProperty("connection").GetString().ShouldBe("n1-7");
    }

    [Fact]
    public async Task Should_name_the_connection_when_disconnecting_by_grpc()
    {
        await new SessionService.SessionServiceClient(host.Grpc).DisconnectAsync(new DisconnectRequest { App = 102, Connection = "n2:9", Reason = "x" });

        host.Broker.Last<FakeBroker.DisconnectCall>().ShouldBe(new FakeBroker.DisconnectCall(new AppId(102), "n2:9", "x"));
    }

    [Fact]
    public async Task Should_sum_the_nodes_that_answered_when_collecting_by_http()
    {
        var (status, body) = await host.PostAsync("/api/v1/diagnostics:collect");

        status.ShouldBe(HttpStatusCode.OK);
        body.EnumerateObject().Select(member => member.Name).ShouldBe(["heapBytes", "rssBytes", "connections", "sessions", "conversations", "actors"]);
        (body.GetProperty("connections").GetInt64(), body.GetProperty("sessions").GetInt64(), body.GetProperty("conversations").GetInt64(), body.GetProperty("actors").GetInt64()).ShouldBe((5, 3, 8, 10));
    }

    [Fact]
    public async Task Should_measure_this_process_when_collecting_by_grpc()
    {
        var answer = await new AdminService.AdminServiceClient(host.Grpc).CollectAsync(new CollectRequest());

        answer.HeapBytes.ShouldBeInRange(100_000, answer.RssBytes);
    }

    [Fact]
    public async Task Should_answer_partial_when_a_node_did_not()
    {
        host.Broker.Partial = true;
        var users = await host.GetAsync("/api/v1/apps/101/users");
        var kick = await host.PostAsync("/api/v1/apps/101/users/alice:kick");
        host.Broker.Partial = false;

        users.Body.GetProperty("partial").GetBoolean().ShouldBeTrue();
        kick.Body.GetProperty("partial").GetBoolean().ShouldBeTrue();
    }
}
