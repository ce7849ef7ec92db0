using System.Text.RegularExpressions;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Tests.Security;

/// <summary>One route and method of a running node, with something in place of its parameters.</summary>
internal sealed partial record RouteCase(string Method, string Path, bool IsGrpc)
{
    /// <summary>Every endpoint that the node has mapped, so that a new one is covered without a line here.</summary>
    public static IReadOnlyList<RouteCase> Of(IServiceProvider node) =>
        [.. node.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().SelectMany(Of).Distinct()];

    private static IEnumerable<RouteCase> Of(RouteEndpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];
        var path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText ?? "", "x").TrimStart('/');
        var isGrpc = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null && !path.StartsWith("/api/", StringComparison.Ordinal);
        return methods.Select(method => new RouteCase(method, path, isGrpc));
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
