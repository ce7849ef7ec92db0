using System.Security.Cryptography;
using Im.Node.Security;
using Scalar.AspNetCore;

namespace Im.Node.Ingress.Docs;

/// <summary>
/// The page at <c>/docs</c> that shows the OpenAPI document and can try its calls. All of it is served from here: no
/// fonts, scripts or proxies of others, and a content security policy that would stop them.
/// </summary>
internal static class DocsPage
{
    public const string Path = "/docs";

    /// <summary>Styles may be inline: the page's script makes them at run time. Scripts may not.</summary>
    private static string PolicyWith(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void MapDocsPage(this IEndpointRouteBuilder endpoints)
    {
        var page = endpoints.MapScalarApiReference(Path, (options, context) => Configure(options, NonceOf(context)));
        page.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context =>
            {
                var policy = new CspMetadata(PolicyWith(NonceOf(context)));
                context.Features.Set(policy);
                context.Response.Headers.ContentSecurityPolicy = policy.Policy;
                return next(context);
            };
        });
    }

    private static void Configure(ScalarOptions options, string nonce) => options
        .WithTitle("ImAkka server API")
        .WithNonce(nonce)
        .WithOpenApiRoutePattern("/openapi/v1.json")
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp()
        .HideDeveloperTools()
        .HideClientButton()
        .WithFavicon("data:,");

    /// <summary>One per request: the header and the page have to agree.</summary>
    private static string NonceOf(HttpContext context)
    {
        if (context.Items[typeof(DocsPage)] is not string nonce) context.Items[typeof(DocsPage)] = nonce = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        return nonce;
    }
}
