using Im.Node.Ingress.ApiKeys;
using Im.Node.Security;

namespace Im.Node.Compat;

/// <summary>The seed's HTTP and gRPC, and the chat page with what it reads. Needs <c>AddGrpc</c> and the security part.</summary>
internal static class CompatExtensions
{
    public static IServiceCollection AddImCompat(this IServiceCollection services, Func<IServiceProvider, CompatSettings> settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<SeedOperations>();
        services.AddSingleton<HttpAccess>();
        return services;
    }

    /// <summary>Methods other than the mapped ones are 404, as in the seed: see the security part's error handler.</summary>
    public static WebApplication MapImCompat(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<HttpAccess>();
        var seed = app.MapGroup("").WithMetadata(new ErrorAnswerMetadata(SeedAnswer.FailedAsync));
        seed.MapGet("/user/list", UserRoutes.ListAsync).AddEndpointFilter(access.Require(ApiKeyScopes.Presence));
        seed.MapGet("/user/online", UserRoutes.OnlineAsync).AddEndpointFilter(access.Require(ApiKeyScopes.Presence));
        seed.MapPost("/user/sendMessage", UserRoutes.SendMessageAsync).AddEndpointFilter(access.Require(ApiKeyScopes.Push));
        seed.MapPost("/user/sendMessageAll", UserRoutes.SendMessageAllAsync).AddEndpointFilter(access.Require(ApiKeyScopes.Push));
        seed.MapGet("/system/state", SystemStateRoute.GetAsync).AddEndpointFilter(access.Require(ApiKeyScopes.Admin));

        app.MapGet("/config.json", ConfigRoute.GetAsync);
        app.MapGrpcService<AccService>();
        PageFiles.Map(app);
        return app;
    }
}
