using Im.Node.Configuration;
using Im.Node.Ingress.ApiKeys;
using Im.Node.Ingress.Deadlines;
using Im.Node.Ingress.Docs;
using Im.Node.Ingress.Errors;
using Im.Node.Ingress.OpenApi;
using Im.Node.Ingress.Services;
using Im.Node.Ingress.Transcoding;
using Im.Node.Ingress.Validation;
using Im.Node.Lifetime;
using Im.Protocol.Ingress.V1;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Im.Node.Ingress;

/// <summary>The server API: gRPC services, their HTTP form under <c>/api/v1</c>, its description and page.</summary>
internal static class IngressExtensions
{
    /// <summary>Needs an <see cref="Actors.Edge.IBroker"/>, the options and the secrets of the node among the services.</summary>
    public static IServiceCollection AddImIngress(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => IngressSettings.From(
            provider.GetRequiredService<IOptions<ImOptions>>().Value, provider.GetRequiredService<NodeSecrets>()));
        services.AddSingleton<IApiKeys>(provider => new ApiKeyRing(provider.GetRequiredService<IngressSettings>().ApiKeys));
        services.AddSingleton<ApiKeyGate>();
        services.AddSingleton<PushQuota>();
        services.AddSingleton<PushRequests>();
        services.AddSingleton<GroupRequests>();
        services.AddSingleton<PushCalls>();
        services.AddSingleton<PushStreams>();
        services.AddSingleton<INodeDrain>(provider => provider.GetRequiredService<PushStreams>());
        services.AddSingleton<MemoryCollector>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = IngressLimits.MaxRequestBytes;
            grpc.EnableDetailedErrors = false;
            grpc.Interceptors.Add<DeadlineInterceptor>();
            grpc.Interceptors.Add<ErrorInterceptor>();
        }).AddJsonTranscoding(json =>
        {
            json.TypeRegistry = StatusResponse.DetailTypes;
            json.JsonSettings.IgnoreDefaultValues = false;
            json.JsonSettings.WriteInt64sAsStrings = false;
            json.JsonSettings.WriteEnumsAsIntegers = false;
        });
        services.AddOpenApi("v1", openApi =>
        {
            // Pages and the compatible API are described in their own documents; here is only what the protos define.
            openApi.ShouldInclude = _ => false;
            openApi.AddDocumentTransformer<IngressDocumentTransformer>();
        });
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks();
        return services;
    }

    public static void MapImIngress(this IEndpointRouteBuilder endpoints)
    {
        Map<PushGrpcService>(endpoints, PushService.Descriptor);
        Map<PresenceGrpcService>(endpoints, PresenceService.Descriptor);
        Map<SessionGrpcService>(endpoints, SessionService.Descriptor);
        Map<ConversationGrpcService>(endpoints, ConversationService.Descriptor);
        Map<AdminGrpcService>(endpoints, AdminService.Descriptor);
        endpoints.MapGrpcReflectionService().RequireApiKey(ApiKeyScopes.Admin);
        endpoints.MapGrpcHealthChecksService();
        endpoints.MapOpenApi("/openapi/{documentName}.json");
        endpoints.MapDocsPage();
        endpoints.MapFallback("/api/v1/{**path}", context =>
            StatusResponse.WriteAsync(context, IngressErrors.NoSuchRoute(context.Request.Method, context.Request.Path)));
    }

    private static void Map<TService>(IEndpointRouteBuilder endpoints, ServiceDescriptor descriptor)
        where TService : class
    {
        var service = endpoints.MapGrpcService<TService>();
        service.Add(TranscodedRoute.Wrap);
        service.Add(PushStreamEnd.Wrap);
        service.RequireApiKey(IngressServices.ScopeOf(descriptor));
    }
}
