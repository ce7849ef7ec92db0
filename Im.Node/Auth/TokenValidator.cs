using System.Globalization;
using Im.Actors.Sessions;
using Im.Protocol.Json;
using Im.Protocol.Names;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Im.Node.Auth;

/// <summary>
/// Checks signed tokens (RFC 7519, RFC 8725): a fixed list of algorithms, <c>exp</c> required, <c>nbf</c> and <c>iat</c> honoured, <c>sub</c> a user's name,
/// <c>app</c> the app that is logged in to when it is there. One that lives
/// longer than allowed is refused: its revocation would have to be remembered as long. Nothing of a token is kept or logged.
/// </summary>
internal sealed class TokenValidator(ITokenKeys keys, TimeSpan leeway, TimeSpan maxLifetime, TimeProvider time) : ITokenValidator
{
    /// <summary>31 December 9999: later ends count as this one.</summary>
    private const long MaxSeconds = 253_402_300_799;

    private static readonly TokenCheck Invalid = new(TokenVerdict.Invalid);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = TokenData.MaxLength };

    public ValueTask<TokenCheck> CheckAsync(string token, AppId app)
    {
        if (Read(token) is not { } parsed) return ValueTask.FromResult(Invalid);
        var answer = keys.FindAsync(string.IsNullOrEmpty(parsed.Kid) ? null : parsed.Kid);
        return answer.IsCompletedSuccessfully ? VerifyAsync(parsed, answer.Result, app) : AwaitAsync(parsed, answer, app);
    }

    private async ValueTask<TokenCheck> AwaitAsync(JsonWebToken token, ValueTask<KeyAnswer> answer, AppId app) =>
        await VerifyAsync(token, await answer.ConfigureAwait(false), app).ConfigureAwait(false);

    /// <summary>A JWS in compact form whose header asks for nothing that is not understood here (RFC 7515 §4.1.11); else null.</summary>
    private JsonWebToken? Read(string token)
    {
        if (token.Length > TokenData.MaxLength || token.Count(c => c == '.') != 2) return null;
        try
        {
            var parsed = new JsonWebToken(token);
            return keys.Algorithms.Contains(parsed.Alg) && !parsed.TryGetHeaderValue<object>("crit", out _) ? parsed : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private ValueTask<TokenCheck> VerifyAsync(JsonWebToken token, KeyAnswer answer, AppId app)
    {
        if (!answer.IsKnown) return ValueTask.FromResult(new TokenCheck(TokenVerdict.Unavailable));
        if (answer.Rules is not { } rules) return ValueTask.FromResult(Invalid);
        var verified = _handler.ValidateTokenAsync(token, rules);
        return verified.IsCompletedSuccessfully ? ValueTask.FromResult(verified.Result.IsValid ? Claims(token, app) : Invalid) : AwaitAsync();

        async ValueTask<TokenCheck> AwaitAsync() => (await verified.ConfigureAwait(false)).IsValid ? Claims(token, app) : Invalid;
    }

    private TokenCheck Claims(JsonWebToken token, AppId app)
    {
        if (!UserId.TryParse(token.Subject, out var user) || !IsFor(token, app)) return Invalid;
        if (!TrySeconds(token, JwtRegisteredClaimNames.Exp, out var exp) || exp is null) return Invalid;
        if (!TrySeconds(token, JwtRegisteredClaimNames.Nbf, out var nbf) || !TrySeconds(token, JwtRegisteredClaimNames.Iat, out var iat)) return Invalid;

        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var leewayMs = (long)leeway.TotalMilliseconds;
        if (nbf * 1000 > nowMs + leewayMs || iat * 1000 > nowMs + leewayMs) return Invalid;
        var endsMs = exp.Value * 1000;
        if (endsMs - (iat * 1000 ?? nowMs) > (long)maxLifetime.TotalMilliseconds + leewayMs) return Invalid;
        if (endsMs <= nowMs) endsMs += leewayMs;
        if (endsMs <= nowMs) return new TokenCheck(TokenVerdict.Expired);
        return new TokenCheck(TokenVerdict.Valid, user, endsMs, (iat ?? 0) * 1000, string.IsNullOrEmpty(token.Id) ? null : token.Id);
    }

    /// <summary>A token without <c>app</c> is good for all apps.</summary>
    private static bool IsFor(JsonWebToken token, AppId app)
    {
        if (!token.TryGetPayloadValue<object>("app", out var value)) return !HasNull(token, "app");
        return value is int or long or string && Convert.ToString(value, CultureInfo.InvariantCulture) == app.ToString();
    }

    /// <summary>A NumericDate (RFC 7519 §2).</summary>
    /// <param name="seconds">Null when there is no such claim.</param>
    /// <returns>False when it is no number.</returns>
    private static bool TrySeconds(JsonWebToken token, string claim, out long? seconds)
    {
        seconds = null;
        if (!token.TryGetPayloadValue<object>(claim, out var value)) return !HasNull(token, claim);
        seconds = value switch
        {
            int whole => whole,
            long whole => whole,
            double part when double.IsFinite(part) => (long)Math.Clamp(Math.Floor(part), -MaxSeconds, MaxSeconds),
            _ => null,
        };
        if (seconds is { } number) seconds = Math.Clamp(number, -MaxSeconds, MaxSeconds);
        return seconds is not null;
    }

    /// <summary>A claim that is there with no value says nothing, and is not taken as absent.</summary>
    private static bool HasNull(JsonWebToken token, string claim) => token.Claims.Any(other => other.Type == claim);
}
