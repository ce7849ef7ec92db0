using Im.Actors;
using Im.Actors.Sessions;
using Im.Actors.Sessions.Policies;
using Im.Actors.Sessions.Revocations;
using Im.Node.Configuration;

namespace Im.Node.Auth;

internal static class AuthExtensions
{
    /// <summary>Who may log in: nobody is asked in guest mode, tokens are checked in jwt mode.</summary>
    public static IServiceCollection AddImAuth(this IServiceCollection services, ImOptions options, NodeSecrets secrets)
    {
        var jwt = options.Auth.Jwt;
        if (options.Auth.Mode == AuthMode.Jwt)
        {
            if (jwt.JwksUrl is { } url) services.AddSingleton<ITokenKeys>(provider => JwksKeys(provider, new Uri(url), jwt));
            else services.AddSingleton<ITokenKeys>(new SymmetricKeys(SymmetricKeys.Decode(jwt.Key ?? secrets.JwtKey, jwt.PreviousKey), TokenRulesOf(jwt)));
            services.AddSingleton<ITokenValidator>(provider => new TokenValidator(
                provider.GetRequiredService<ITokenKeys>(), jwt.Leeway, jwt.MaxLifetime, provider.GetRequiredService<TimeProvider>()));
        }

        services.AddSingleton(provider => Identity(provider, options));
        services.AddSingleton<IRevocations>(provider => provider.GetRequiredService<ImActors>().Revocations);
        return services;
    }

    private static IdentityServices Identity(IServiceProvider provider, ImOptions options)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var tokens = provider.GetService<ITokenValidator>();
        var gate = new LoginGateSettings(options.WebSocket.LoginsPerSecondPerAddress, options.WebSocket.UnauthenticatedMaxCountPerAddress);
        return new IdentityServices
        {
            Tokens = tokens,
            Revocations = tokens is null ? null : new RevocationTable(time, options.Auth.Jwt.TokenAge),
            Gate = new LoginGate(gate, time),
            Devices = new DevicePolicies(options.AppPolicies.ToDictionary(policy => policy.Key, policy => new DevicePolicy(policy.Value.Devices, policy.Value.OnConflict))),
        };
    }

    private static JwksKeys JwksKeys(IServiceProvider provider, Uri url, JwtOptions jwt) => new(
        JwksClient.Create(url), TokenRulesOf(jwt), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<JwksKeys>>());

    private static TokenAudience TokenRulesOf(JwtOptions jwt) => new(jwt.Issuer, jwt.Audience);
}
