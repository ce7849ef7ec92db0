using System.Security.Cryptography;
using Im.Cli.Token;

namespace Im.Cli.Bench.Wire;

/// <summary>How clients say who they are, and so what their node has to be set to.</summary>
/// <param name="key">Signs a token of its own for each client (HS256); null: guests.</param>
internal sealed class LoginMode(byte[]? key)
{
    private const int KeyBytes = 32;
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    public static LoginMode Guest { get; } = new(null);

    public byte[]? Key => key;

    public string Name => key is null ? "guest" : "jwt";

    /// <summary>Variables of a node that is started for these clients. Sockets of a bench are all open before the first logs in, for which a node leaves tokens less time than guests.</summary>
    public IReadOnlyList<(string Name, string Value)> NodeSettings => key is null
        ? [("Im__Auth__Mode", "guest")]
        : [("Im__Auth__Mode", "jwt"), ("Im__Auth__Jwt__Key", Convert.ToBase64String(key)), ("Im__WebSocket__LoginTimeout", "00:00:00")];

    /// <summary>With a key that nobody else has.</summary>
    public static LoginMode NewJwt() => new(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The tokens by client, all signed before anything is measured; null for guests.</summary>
    public IReadOnlyList<string>? Tokens(int clients, uint app, string run)
    {
        if (key is null) return null;
        var now = TimeProvider.System.GetUtcNow();
        return [.. Enumerable.Range(0, clients).Select(client => TokenWriter.Sign(new TokenClaims(LoginText.UserName(run, client), app, null, null), key, now, Life))];
    }
}
