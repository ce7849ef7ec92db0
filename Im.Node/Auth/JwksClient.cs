namespace Im.Node.Auth;

/// <summary>Asks the issuer for its keys: at most 5 s and 256 KiB, and no redirects, since the operator named the place.</summary>
internal static class JwksClient
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="timeout">Another one than 5 s.</param>
    /// <returns>Fetches the JSON; throws when there is none to be had.</returns>
    public static Func<Task<string>> Create(Uri url, TimeSpan? timeout = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        var client = new HttpClient(handler, disposeHandler: true) { Timeout = timeout ?? Timeout, MaxResponseContentBufferSize = MaxBytes };
        return () => client.GetStringAsync(url);
    }
}
