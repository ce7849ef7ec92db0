using System.Reflection;
using System.Text.Json;
using Im.Node.Security;

namespace Im.Node.Compat;

/// <summary><c>/config.json</c>: what the page has to know before it can connect.</summary>
internal static class ConfigRoute
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly string Version =
        (typeof(ConfigRoute).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    public static Task GetAsync(HttpContext context, WebSocketAddress address, CompatSettings settings)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(new PageConfig(address.For(context), settings.Mode, settings.Apps, Version), Json, context.RequestAborted);
    }

    private sealed record PageConfig(string? WebSocketUrl, string Mode, IReadOnlyList<uint> Apps, string Version);
}
