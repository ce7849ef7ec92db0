using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Im.Node.Ingress.Transcoding;

/// <summary>Where a transcoded route has its parameters: whole segments, or what comes before a verb such as <c>:push</c>.</summary>
internal sealed class RouteTemplate
{
    private readonly int _segmentCount;
    private readonly (int Segment, string Parameter, string Verb)[] _parameters;

    public RouteTemplate(RoutePattern pattern)
    {
        _segmentCount = pattern.PathSegments.Count;
        _parameters =
        [
            .. pattern.PathSegments.Index()
                .Where(segment => segment.Item.Parts[0].IsParameter)
                .Select(segment => (segment.Index, NameOf(segment.Item.Parts[0]), VerbOf(segment.Item))),
        ];
    }

    /// <summary>Replaces the route values by what the request target says, byte for byte.</summary>
    /// <returns>The parameter that is malformed, or null.</returns>
    public string? Restore(HttpContext context)
    {
        var raw = SegmentsOf(context.Features.Get<IHttpRequestFeature>()?.RawTarget);

        // Dot segments were removed from Path but not from the target: segments no longer correspond, and what routing found stands.
        var decoded = (context.Request.PathBase + context.Request.Path).Value!.Count(c => c == '/');
        if (raw.Length != decoded || raw.Length < _segmentCount) return null;
        foreach (var (segment, parameter, verb) in _parameters)
        {
            var text = PathSegmentDecoder.Decode(raw[raw.Length - _segmentCount + segment]);
            if (text is null) return parameter;
            if (text.EndsWith(verb, StringComparison.OrdinalIgnoreCase)) context.Request.RouteValues[parameter] = text[..^verb.Length];
        }

        return null;
    }

    private static string[] SegmentsOf(string? target)
    {
        if (string.IsNullOrEmpty(target)) return [];
        var query = target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) target = target[..query];

        // Absolute form (RFC 9112 §3.2.2), as a client sends it to a proxy.
        if (target[0] != '/')
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (path < 0) return [];
            target = target[path..];
        }

        return target[1..].Split('/');
    }

    private static string NameOf(RoutePatternPart part) => ((RoutePatternParameterPart)part).Name;

    private static string VerbOf(RoutePatternPathSegment segment) =>
        segment.Parts.Count > 1 && segment.Parts[1] is RoutePatternLiteralPart literal ? literal.Content : "";
}
