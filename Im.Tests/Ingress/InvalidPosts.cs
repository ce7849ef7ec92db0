using Xunit;

namespace Im.Tests.Ingress;

/// <summary>POST requests that break one rule each: path, body, code of google.rpc.Code, and the field that the error names.</summary>
public static class InvalidPosts
{
    private const int InvalidArgument = 3;
    private const int NotFound = 5;
    private const int FailedPrecondition = 9;

    public const string UserPush = "/api/v1/apps/101/users/alice:push";
    public const string UsersPush = "/api/v1/apps/101/users:push";
    public const string RoomPush = "/api/v1/apps/101/conversations/r%3Alobby:push";
    public const string Broadcast = "/api/v1/apps/101:broadcast";
    public const string Online = "/api/v1/apps/101/users:queryOnline";
    public const string Groups = "/api/v1/apps/101/groups";
    public const string Members = "/api/v1/apps/101/groups/team:updateMembers";
    public const string Revoke = "/api/v1/apps/101/users/alice:revokeTokens";
    public const string Kick = "/api/v1/apps/101/users/alice:kick";
    public const string Disconnect = "/api/v1/apps/101/connections/n1-7:disconnect";

    public static readonly string Text16K = new('x', 16 * 1024);
    public static readonly string Bytes65 = new('u', 65);

    public static TheoryData<string, string, int, string?> All
    {
        get
        {
            var data = new TheoryData<string, string, int, string?>
            {
                // A broadcast cannot be kept.
                { Broadcast, """{"msg":"hi","persist":true}""", FailedPrecondition, "persist" },
                { Broadcast, """{"msg":"hi"}""", FailedPrecondition, "persist" },

                // Time to live.
                { UserPush, """{"msg":"hi","ttlMs":-1}""", InvalidArgument, "ttlMs" },
                { UserPush, """{"msg":"hi","ttlMs":31536000001}""", InvalidArgument, "ttlMs" },
                { UserPush, """{"msg":"hi","ttlMs":1.5}""", InvalidArgument, "ttlMs" },
                { UserPush, """{"msg":"hi","ttlMs":"5000"}""", InvalidArgument, "ttlMs" },
                { UserPush, """{"msg":"hi","persist":false,"ttlMs":5000}""", InvalidArgument, "ttlMs" },
                { UsersPush, """{"users":["a"],"msg":"hi","ttlMs":-1}""", InvalidArgument, "ttlMs" },
                { RoomPush, """{"msg":"hi","ttlMs":-1}""", InvalidArgument, "ttlMs" },

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
                { "/api/v1/apps/101/conversations/u%3Aalice:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },
                { "/api/v1/apps/101/conversations/p%3Aa%7Cb:push", """{"msg":"hi","persist":false}""", InvalidArgument, "conv" },

                // Groups.
                { Groups, """{"owner":"a","group":"g:x"}""", InvalidArgument, "group" },
                { Groups, """{"owner":"a","group":"x/y"}""", InvalidArgument, "group" },
                { Groups, $$"""{"owner":"a","group":"{{Bytes65}}"}""", InvalidArgument, "group" },
                { Groups, $$"""{"owner":"a","name":"{{new string('n', 129)}}"}""", InvalidArgument, "name" },
                { Groups, """{"owner":"a","name":"a\nb"}""", InvalidArgument, "name" },
                { Groups, """{"name":"Team"}""", InvalidArgument, "owner" },
                { Groups, """{"owner":"a|b"}""", InvalidArgument, "owner" },
                { Groups, """{"owner":"a","members":["b","b"]}""", InvalidArgument, "members[1]" },
                { Groups, """{"owner":"a","members":["b","a"]}""", InvalidArgument, "members[1]" },
                { Groups, """{"owner":"a","members":["b|"]}""", InvalidArgument, "members[0]" },
                { Groups, $$"""{"owner":"a","members":[{{Numbered(500)}}]}""", InvalidArgument, "members" },
                { Groups, """{"owner":"a","idempotencyKey":"a b"}""", InvalidArgument, "idempotencyKey" },
                { Members, """{"add":["a|"]}""", InvalidArgument, "add[0]" },
                { Members, $$"""{"add":[{{Numbered(501)}}]}""", InvalidArgument, "add" },
                { Members, """{"remove":["a","a"]}""", InvalidArgument, "remove[1]" },
                { Members, """{"add":["a"],"remove":["a"]}""", InvalidArgument, "remove[0]" },
                { Members, """{"roles":{"a":"KING"}}""", InvalidArgument, "roles['a']" },
                { Members, """{"roles":{"a":"ROLE_UNSPECIFIED"}}""", InvalidArgument, "roles['a']" },
                { Members, """{"roles":{"a|":"ADMIN"}}""", InvalidArgument, "roles['a|']" },
                { Members, """{"roles":{"a":"OWNER","b":"OWNER"}}""", InvalidArgument, "roles" },
                { Members, """{"remove":["a"],"roles":{"a":"ADMIN"}}""", InvalidArgument, "roles['a']" },
                { Members, """{"roles":["a"]}""", InvalidArgument, "roles" },
                { Members, """{"idempotencyKey":"a b"}""", InvalidArgument, "idempotencyKey" },
                { "/api/v1/apps/101/groups/g%3Ateam:updateMembers", "{}", InvalidArgument, "group" },

                // Tokens.
                { Revoke, $$"""{"tokenId":"{{new string('t', 129)}}"}""", InvalidArgument, "tokenId" },
                { Revoke, """{"tokenId":"a\nb"}""", InvalidArgument, "tokenId" },
                { Revoke, """{"issuedBeforeMs":-1}""", InvalidArgument, "issuedBeforeMs" },
                { Revoke, """{"issuedBeforeMs":253402300800000}""", InvalidArgument, "issuedBeforeMs" },
                { Revoke, """{"issuedBeforeMs":"now"}""", InvalidArgument, "issuedBeforeMs" },
                { Revoke, """{"issuedBeforeMs":5,"tokenId":"t"}""", InvalidArgument, "issuedBeforeMs" },
                { "/api/v1/apps/101/users/a%7Cb:revokeTokens", "{}", InvalidArgument, "user" },

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
                { "/api/v1/apps/7/groups", """{"owner":"a"}""", NotFound, null },
                { "/api/v1/apps/7/groups/team:updateMembers", "{}", NotFound, null },
                { "/api/v1/apps/7/users/alice:revokeTokens", "{}", NotFound, null },
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

    public static string Nested(int levels) => string.Concat(Enumerable.Repeat("""{"a":""", levels - 1)) + "{}" + new string('}', levels - 1);

    public static string Numbered(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"user{i}\""));
}
