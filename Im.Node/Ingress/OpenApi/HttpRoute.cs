using Google.Api;
using Google.Protobuf.Reflection;

namespace Im.Node.Ingress.OpenApi;

/// <summary>The HTTP form of a method as its google.api.http option says it.</summary>
/// <param name="PathFields">Fields that stand in the path, in its order.</param>
/// <param name="HasBody">The other fields are the JSON body; otherwise they are the query.</param>
internal sealed record HttpRoute(MethodDescriptor Method, HttpMethod Verb, string Path, IReadOnlyList<FieldDescriptor> PathFields, bool HasBody)
{
    public static IEnumerable<HttpRoute> All() =>
        from entry in IngressServices.All
        from method in entry.Service.Methods
        let rule = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http)
        where rule is not null
        select Of(method, rule);

    /// <summary>Fields that are not in the path.</summary>
    public IEnumerable<FieldDescriptor> OtherFields => Method.InputType.Fields.InDeclarationOrder().Except(PathFields);

    private static HttpRoute Of(MethodDescriptor method, HttpRule rule)
    {
        var (verb, path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
            _ => throw new NotSupportedException($"{method.FullName} is mapped by {rule.PatternCase}; only GET and POST are in use."),
        };
        var fields = method.InputType.Fields.InDeclarationOrder()
            .Where(field => path.Contains($"{{{field.Name}}}", StringComparison.Ordinal))
            .OrderBy(field => path.IndexOf($"{{{field.Name}}}", StringComparison.Ordinal));
        return new HttpRoute(method, verb, path, [.. fields], rule.Body.Length > 0);
    }
}
