using System.Net;

namespace Im.Node.Configuration;

/// <summary>What must hold for tokens and app policies. No line shows a key.</summary>
internal static class TokenRules
{
    public static IEnumerable<string> Check(ImOptions options) => [.. Keys(options.Auth.Jwt), .. Jwks(options.Auth.Jwt), .. Mode(options.Auth), .. Policies(options)];

    private static IEnumerable<string> Keys(JwtOptions jwt)
    {
        foreach (var (name, key) in new[] { (nameof(jwt.Key), jwt.Key), (nameof(jwt.PreviousKey), jwt.PreviousKey) })
        {
            if (key is not null && !IsKey(key))
                yield return $"Im:Auth:Jwt:{name} is not base64 of at least {JwtOptions.MinKeyBytes} bytes: set Im__Auth__Jwt__{name} to the output of: openssl rand -base64 32";
        }
    }

    private static IEnumerable<string> Jwks(JwtOptions jwt)
    {
        if (jwt.JwksUrl is not { } url) yield break;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.UserInfo.Length > 0)
            yield return "Im:Auth:Jwt:JwksUrl is no https:// URL: expected one such as https://login.example.org/jwks.json; set Im__Auth__Jwt__JwksUrl";
        else if (uri.Scheme == "http" && !IsLoopback(uri))
            yield return $"Im:Auth:Jwt:JwksUrl is on http://{uri.Authority}, where anyone on the way could put their own keys in: use https; http is for loopback only; set Im__Auth__Jwt__JwksUrl";
        if (jwt.Key is not null || jwt.PreviousKey is not null)
            yield return "Im:Auth:Jwt:JwksUrl and Im:Auth:Jwt:Key are both set: tokens are signed by one issuer; remove Im__Auth__Jwt__JwksUrl or Im__Auth__Jwt__Key and Im__Auth__Jwt__PreviousKey";
    }

    /// <summary>Whoever sets up tokens and leaves the door open believes it to be shut.</summary>
    private static IEnumerable<string> Mode(AuthOptions auth)
    {
        if (auth.Mode == AuthMode.Guest && auth.Jwt != new JwtOptions())
            yield return "Im:Auth:Jwt is set, but Im:Auth:Mode is guest, where no token is asked for: set Im__Auth__Mode=jwt, or remove Im__Auth__Jwt__…";
    }

    private static IEnumerable<string> Policies(ImOptions options) =>
        options.AppPolicies.Keys.Where(app => !options.Apps.Contains(app)).Select(app =>
            $"Im:AppPolicies:{app} is a policy of an app that nobody can log in to: add it to Im__Apps__0…, or remove Im__AppPolicies__{app}__…");

    private static bool IsKey(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length >= JwtOptions.MinKeyBytes;
    }

    private static bool IsLoopback(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
