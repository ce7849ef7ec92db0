using Im.Node.Ingress.ApiKeys;
using Im.Protocol.Ingress.V1;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Im.Node.Ingress;

/// <summary>The services of <c>im.ingress.v1</c> and the scope that each needs.</summary>
internal static class IngressServices
{
    public static IReadOnlyList<(ServiceDescriptor Service, string Scope)> All { get; } =
    [
        (PushService.Descriptor, ApiKeyScopes.Push),
        (PresenceService.Descriptor, ApiKeyScopes.Presence),
        (SessionService.Descriptor, ApiKeyScopes.Session),
        (ConversationService.Descriptor, ApiKeyScopes.Conversation),
        (AdminService.Descriptor, ApiKeyScopes.Admin),
    ];

    public static string ScopeOf(ServiceDescriptor service) => All.Single(entry => entry.Service == service).Scope;
}
