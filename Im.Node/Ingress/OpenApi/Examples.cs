using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Im.Protocol.Ingress.V1;

namespace Im.Node.Ingress.OpenApi;

/// <summary>Requests that a default node accepts as they are; without them the page proposes a value for every field.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        [PushToUserRequest.Descriptor.FullName] = """{"msg":"Your order was shipped","persist":false}""",
        [PushToUsersRequest.Descriptor.FullName] = """{"users":["alice","bob"],"msg":"Your order was shipped","persist":false}""",
        [PushToConversationRequest.Descriptor.FullName] = """{"msg":"Doors open in five minutes","persist":false}""",
        [BroadcastRequest.Descriptor.FullName] = """{"msg":"Maintenance at 22:00","persist":false}""",
        [QueryOnlineRequest.Descriptor.FullName] = """{"users":["alice","bob"]}""",
        [KickRequest.Descriptor.FullName] = """{"reason":"signed out everywhere"}""",
        [DisconnectRequest.Descriptor.FullName] = """{"reason":"signed out here"}""",
    };

    public static JsonNode? Body(MethodDescriptor method) => Bodies.TryGetValue(method.InputType.FullName, out var json) ? JsonNode.Parse(json) : null;

    public static JsonNode? PathField(FieldDescriptor field) => field.Name switch
    {
        "app" => 101,
        "user" => "alice",
        "conv" => "r:lobby",
        "connection" => "n1-7",
        _ => null,
    };
}
