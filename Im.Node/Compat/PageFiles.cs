using Microsoft.AspNetCore.StaticFiles;

namespace Im.Node.Compat;

/// <summary>
/// The files of the chat page. Each is asked for again every time (<c>no-cache</c>) and answered 304 by its ETag when it is unchanged, so that a new version
/// of the node never runs with half of an old page.
/// </summary>
internal static class PageFiles
{
    private static readonly StaticFileOptions Options = new()
    {
        OnPrepareResponse = static prepared => prepared.Context.Response.Headers.CacheControl = "no-cache",
        ContentTypeProvider = Types(),
    };

    /// <summary>The page itself, under the path that today's visitors type and the one that the seed's know.</summary>
    public static void Map(WebApplication app)
    {
        app.UseStaticFiles(Options);

        var page = ((IEndpointRouteBuilder)app).CreateApplicationBuilder();
        page.Use(static (context, next) =>
        {
            context.Request.Path = "/index.html";
            context.SetEndpoint(null);
            return next(context);
        });
        page.UseStaticFiles(Options);
        var serve = page.Build();

        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/", methods, serve).WithDisplayName("page /");
        app.MapMethods("/home/index", methods, serve).WithDisplayName("page /home/index");
    }

    private static FileExtensionContentTypeProvider Types()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".js"] = "text/javascript; charset=utf-8";
        types.Mappings[".mjs"] = "text/javascript; charset=utf-8";
        types.Mappings[".css"] = "text/css; charset=utf-8";
        types.Mappings[".html"] = "text/html; charset=utf-8";
        types.Mappings[".json"] = "application/json; charset=utf-8";
        types.Mappings[".webmanifest"] = "application/manifest+json; charset=utf-8";
        types.Mappings[".svg"] = "image/svg+xml";
        types.Mappings[".md"] = "text/markdown; charset=utf-8";
        return types;
    }
}
