using Grpc.Core;
using Xunit;

namespace Im.Tests.BadInput;

/// <summary>Wrong calls of the server API over gRPC: the method, its request as JSON, the status, and the field that the error names.</summary>
public static class RpcTable
{
    private const string Push = "PushService.PushToUser";
    private const string PushUsers = "PushService.PushToUsers";
    private const string PushRoom = "PushService.PushToConversation";
    private const string Broadcast = "PushService.Broadcast";
    private const string Delivery = "PushService.GetDelivery";
    private const string Online = "PresenceService.QueryOnline";
    private const string Users = "PresenceService.ListUsers";
    private const string Connections = "PresenceService.ListConnections";
    private const string Kick = "SessionService.Kick";
    private const string Disconnect = "SessionService.Disconnect";
    private const string Revoke = "SessionService.RevokeTokens";
    private const string History = "ConversationService.History";
    private const string Create = "ConversationService.CreateGroup";
    private const string Get = "ConversationService.GetGroup";
    private const string Update = "ConversationService.UpdateMembers";

    private const string Drain = "AdminService.DrainNode";

    private static readonly string Text = new('x', 16 * 1024 + 1);
    private static readonly string Long = new('n', 129);
    private static readonly string TooMany = string.Join(',', Enumerable.Range(0, 1_001).Select(i => $"\"u{i}\""));

    public static TheoryData<string, string, StatusCode, string?> Calls => new()
    {
        { Push, """{"app":7,"user":"alice","msg":"hi"}""", StatusCode.NotFound, null },
        { Push, """{"app":101,"msg":"hi"}""", StatusCode.InvalidArgument, "user" },
        { Push, """{"app":101,"user":"a|b","msg":"hi"}""", StatusCode.InvalidArgument, "user" },
        { Push, """{"app":101,"user":"a\u0000","msg":"hi"}""", StatusCode.InvalidArgument, "user" },
        { Push, """{"app":101,"user":"alice"}""", StatusCode.InvalidArgument, "msg" },
        { Push, $$"""{"app":101,"user":"alice","msg":"{{Text}}"}""", StatusCode.InvalidArgument, "msg" },
        { Push, """{"app":101,"user":"alice","msg":"hi","type":"event"}""", StatusCode.InvalidArgument, "type" },
        { Push, """{"app":101,"user":"alice","msg":"hi","from":"a|b"}""", StatusCode.InvalidArgument, "from" },
        { Push, """{"app":101,"user":"alice","msg":"hi","platforms":["fridge"]}""", StatusCode.InvalidArgument, "platforms[0]" },
        { Push, """{"app":101,"user":"alice","msg":"hi","idempotencyKey":"a b"}""", StatusCode.InvalidArgument, "idempotencyKey" },
        { Push, """{"app":101,"user":"alice","msg":"hi","ttlMs":-1}""", StatusCode.InvalidArgument, "ttlMs" },
        { Push, """{"app":101,"user":"alice","msg":"hi","ttlMs":"9223372036854775807"}""", StatusCode.InvalidArgument, "ttlMs" },
        { Push, """{"app":101,"user":"alice","msg":"hi","timeoutMs":2147483647}""", StatusCode.InvalidArgument, "timeoutMs" },
        { Push, """{"app":101,"user":"alice","msg":"hi","waitFor":99}""", StatusCode.InvalidArgument, "waitFor" },
        { Push, """{"app":101,"user":"alice","msg":"hi","persist":false,"waitFor":"ACKED"}""", StatusCode.InvalidArgument, "waitFor" },
        { Push, """{"app":101,"user":"alice","msg":"\u0000"}""", StatusCode.InvalidArgument, null },
        { PushUsers, """{"app":7,"users":["alice"],"msg":"hi"}""", StatusCode.NotFound, null },
        { PushUsers, """{"app":101,"msg":"hi"}""", StatusCode.InvalidArgument, "users" },
        { PushUsers, """{"app":101,"users":["alice","a|b"],"msg":"hi"}""", StatusCode.InvalidArgument, "users[1]" },
        { PushUsers, """{"app":101,"users":["alice","alice"],"msg":"hi"}""", StatusCode.InvalidArgument, "users[1]" },
        { PushUsers, $$"""{"app":101,"users":[{{TooMany}}],"msg":"hi"}""", StatusCode.InvalidArgument, "users" },
        { PushUsers, """{"app":101,"users":["alice"]}""", StatusCode.InvalidArgument, "msg" },
        { PushRoom, """{"app":7,"conv":"r:tea","msg":"hi"}""", StatusCode.NotFound, null },
        { PushRoom, """{"app":101,"msg":"hi"}""", StatusCode.InvalidArgument, "conv" },
        { PushRoom, """{"app":101,"conv":"tea","msg":"hi"}""", StatusCode.InvalidArgument, "conv" },
        { PushRoom, """{"app":101,"conv":"u:alice","msg":"hi"}""", StatusCode.InvalidArgument, "conv" },
        { PushRoom, """{"app":101,"conv":"p:alice|bob","msg":"hi"}""", StatusCode.InvalidArgument, "conv" },
        { PushRoom, """{"app":101,"conv":"g:none","msg":"hi"}""", StatusCode.NotFound, null },
        { PushRoom, """{"app":101,"conv":"r:tea"}""", StatusCode.InvalidArgument, "msg" },
        { Broadcast, """{"app":7,"msg":"hi","persist":false}""", StatusCode.NotFound, null },
        { Broadcast, """{"app":101,"msg":"hi"}""", StatusCode.FailedPrecondition, "persist" },
        { Broadcast, """{"app":101,"persist":false}""", StatusCode.InvalidArgument, "msg" },
        { Delivery, """{"app":7,"mid":"01JD0000000000000000000000"}""", StatusCode.NotFound, null },
        { Delivery, """{"app":101}""", StatusCode.InvalidArgument, "mid" },
        { Delivery, """{"app":101,"mid":"' OR 1=1 --             "}""", StatusCode.InvalidArgument, "mid" },
        { Delivery, """{"app":101,"mid":"01JD0000000000000000000000"}""", StatusCode.NotFound, null },
        { Online, """{"app":7,"users":["alice"]}""", StatusCode.NotFound, null },
        { Online, """{"app":101}""", StatusCode.InvalidArgument, "users" },
        { Online, """{"app":101,"users":[""]}""", StatusCode.InvalidArgument, "users[0]" },
        { Online, $$"""{"app":101,"users":[{{TooMany}}]}""", StatusCode.InvalidArgument, "users" },
        { Users, """{"app":7}""", StatusCode.NotFound, null },
        { Users, """{"app":101,"conv":"g:team"}""", StatusCode.InvalidArgument, "conv" },
        { Users, """{"app":101,"pageSize":-1}""", StatusCode.InvalidArgument, "pageSize" },
        { Users, """{"app":101,"pageSize":1001}""", StatusCode.InvalidArgument, "pageSize" },
        { Users, """{"app":101,"pageToken":"forged"}""", StatusCode.InvalidArgument, "pageToken" },
        { Connections, """{"app":7,"user":"alice"}""", StatusCode.NotFound, null },
        { Connections, """{"app":101}""", StatusCode.InvalidArgument, "user" },
        { Connections, """{"app":101,"user":"alice","pageToken":"AAAAAAAAAAAAAAAA"}""", StatusCode.InvalidArgument, "pageToken" },
        { Kick, """{"app":7,"user":"alice"}""", StatusCode.NotFound, null },
        { Kick, """{"app":101}""", StatusCode.InvalidArgument, "user" },
        { Kick, """{"app":101,"user":"alice","platforms":["tv"]}""", StatusCode.InvalidArgument, "platforms[0]" },
        { Kick, $$"""{"app":101,"user":"alice","reason":"{{Long}}"}""", StatusCode.InvalidArgument, "reason" },
        { Disconnect, """{"app":7,"connection":"n1-1"}""", StatusCode.NotFound, null },
        { Disconnect, """{"app":101}""", StatusCode.InvalidArgument, "connection" },
        { Disconnect, """{"app":101,"connection":"a b"}""", StatusCode.InvalidArgument, "connection" },
        { Revoke, """{"app":7,"user":"alice"}""", StatusCode.NotFound, null },
        { Revoke, """{"app":101}""", StatusCode.InvalidArgument, "user" },
        { Revoke, """{"app":101,"user":"alice","issuedBeforeMs":-1}""", StatusCode.InvalidArgument, "issuedBeforeMs" },
        { Revoke, """{"app":101,"user":"alice","issuedBeforeMs":"9223372036854775807"}""", StatusCode.InvalidArgument, "issuedBeforeMs" },
        { Revoke, $$"""{"app":101,"user":"alice","tokenId":"{{Long}}"}""", StatusCode.InvalidArgument, "tokenId" },
        { Revoke, """{"app":101,"user":"alice","tokenId":"t-1","tokenEndsMs":-1}""", StatusCode.InvalidArgument, "tokenEndsMs" },
        { Revoke, """{"app":101,"user":"alice","tokenId":"t-1","tokenEndsMs":"9223372036854775807"}""", StatusCode.InvalidArgument, "tokenEndsMs" },
        { Revoke, """{"app":101,"user":"alice","tokenEndsMs":5000}""", StatusCode.InvalidArgument, "tokenEndsMs" },
        { History, """{"app":7,"conv":"r:tea"}""", StatusCode.NotFound, null },
        { History, """{"app":101}""", StatusCode.InvalidArgument, "conv" },
        { History, """{"app":101,"conv":"p:bob|alice"}""", StatusCode.InvalidArgument, "conv" },
        { History, """{"app":101,"conv":"g:none"}""", StatusCode.NotFound, null },
        { History, """{"app":101,"conv":"r:tea","limit":201}""", StatusCode.InvalidArgument, "limit" },
        { History, """{"app":101,"conv":"r:tea","before":0}""", StatusCode.InvalidArgument, "before" },
        { History, """{"app":101,"conv":"r:tea","after":-9223372036854775808}""", StatusCode.InvalidArgument, "after" },
        { History, """{"app":101,"conv":"r:tea","before":5,"after":1}""", StatusCode.InvalidArgument, "after" },
        { Create, """{"app":7,"owner":"alice"}""", StatusCode.NotFound, null },
        { Create, """{"app":101}""", StatusCode.InvalidArgument, "owner" },
        { Create, """{"app":101,"owner":"alice","group":"a/b"}""", StatusCode.InvalidArgument, "group" },
        { Create, """{"app":101,"owner":"alice","group":"g:x"}""", StatusCode.InvalidArgument, "group" },
        { Create, """{"app":101,"owner":"alice","members":["alice"]}""", StatusCode.InvalidArgument, "members[0]" },
        { Create, $$"""{"app":101,"owner":"alice","name":"{{Long}}"}""", StatusCode.InvalidArgument, "name" },
        { Create, """{"app":101,"owner":"alice","group":"team"}""", StatusCode.AlreadyExists, null },
        { Get, """{"app":7,"group":"team"}""", StatusCode.NotFound, null },
        { Get, """{"app":101}""", StatusCode.InvalidArgument, "group" },
        { Get, """{"app":101,"group":"none"}""", StatusCode.NotFound, null },
        { Update, """{"app":7,"group":"team"}""", StatusCode.NotFound, null },
        { Update, """{"app":101,"group":"none","add":["eve"]}""", StatusCode.NotFound, null },
        { Update, """{"app":101,"group":"team","add":["a|b"]}""", StatusCode.InvalidArgument, "add[0]" },
        { Update, """{"app":101,"group":"team","add":["eve"],"remove":["eve"]}""", StatusCode.InvalidArgument, "remove[0]" },
        { Update, """{"app":101,"group":"team","roles":{"eve":"ADMIN"}}""", StatusCode.FailedPrecondition, null },
        { Update, """{"app":101,"group":"team","roles":{"bob":99}}""", StatusCode.InvalidArgument, "roles['bob']" },
        { Update, """{"app":101,"group":"team","roles":{"bob":"OWNER","dave":"OWNER"}}""", StatusCode.InvalidArgument, "roles" },
        { Drain, """{"restart":true}""", StatusCode.InvalidArgument, "node" },
        { Drain, """{"node":"a b"}""", StatusCode.InvalidArgument, "node" },
        { Drain, """{"node":"127.0.0.1:1"}""", StatusCode.NotFound, null },
    };
}
