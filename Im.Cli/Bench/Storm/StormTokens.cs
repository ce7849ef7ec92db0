using Im.Cli.Token;

namespace Im.Cli.Bench.Storm;

/// <summary>Tokens of all clients, signed with the node's key before anything is measured.</summary>
internal static class StormTokens
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);

    /// <param name="key">Base64 of the node's key; null takes it from the data directory.</param>
    /// <param name="dataDirectory">The node's; null for the usual places.</param>
    /// <exception cref="BenchException">There is no key.</exception>
    public static IReadOnlyList<string> Sign(int clients, uint app, string run, string? key, string? dataDirectory)
    {
        try
        {
            var secret = key is null ? SigningKey.Find(dataDirectory) : SigningKey.Decode(key, "--key");
            var now = TimeProvider.System.GetUtcNow();
            return [.. Enumerable.Range(0, clients).Select(client => TokenWriter.Sign(new TokenClaims(StormWire.UserName(run, client), app, null, null), secret, now, Life))];
        }
        catch (SigningKeyException failure)
        {
            throw new BenchException(failure.Message);
        }
    }
}
