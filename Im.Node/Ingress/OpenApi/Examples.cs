using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.OpenApi;

/// <summary>Requests that a default node accepts as they are; without them the page proposes a value for every field.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        [PushToUserRequest.Descriptor.FullName] = """{"msg":"Your order was shipped"}""",
        [PushToUsersRequest.Descriptor.FullName] = """{"users":["alice","bob"],"msg":"Your order was shipped"}""",
        [PushToConversationRequest.Descriptor.FullName] = """{"msg":"Doors open in five minutes"}""",
        [BroadcastRequest.Descriptor.FullName] = """{"msg":"Maintenance at 22:00","persist":false}""",
        [QueryOnlineRequest.Descriptor.FullName] = """{"users":["alice","bob"]}""",
        [KickRequest.Descriptor.FullName] = """{"reason":"signed out everywhere"}""",
        [RevokeTokensRequest.Descriptor.FullName] = """{"tokenId":"01JD00000000000000000000AA"}""",
        [CreateGroupRequest.Descriptor.FullName] = """{"name":"Team","owner":"alice","members":["bob"]}""",
        [UpdateMembersRequest.Descriptor.FullName] = """{"add":["carol"],"roles":{"carol":"ADMIN"}}""",
        [DrainNodeRequest.Descriptor.FullName] = """{"restart":true}""",
        [DisconnectRequest.Descriptor.FullName] = """{"reason":"signed out here"}""",
    };

    public static JsonNode? Body(MethodDescriptor method) => Bodies.TryGetValue(method.InputType.FullName, out var json) ? JsonNode.Parse(json) : null;

    public static JsonNode? PathField(FieldDescriptor field) => field.Name switch
    {
        "app" => 101,
        "user" => "alice",
        "conv" => "r:lobby",
        "connection" => "n1-7",
        "group" => "team",
        "node" => "self",
        "mid" => "01JD00000000000000000000AA",
        _ => null,
    };
}
