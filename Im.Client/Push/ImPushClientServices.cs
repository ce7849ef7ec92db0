using Microsoft.Extensions.DependencyInjection;

namespace Im.Client.Push;

/// <summary>Registers the push client.</summary>
public static class ImPushClientServices
{
    /// <summary>Adds one <see cref="ImPushClient"/> for the application.</summary>
    /// <example><code>services.AddImPushClient(options =&gt; { options.Address = new Uri("http://127.0.0.1:8080"); options.ApiKey = key; });</code></example>
    public static IServiceCollection AddImPushClient(this IServiceCollection services, Action<ImPushClientOptions> configure) =>
        services.AddSingleton(_ =>
        {
            var options = new ImPushClientOptions();
            configure(options);
            return new ImPushClient(options);
        });
}
