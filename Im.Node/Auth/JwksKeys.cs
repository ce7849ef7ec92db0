using System.Text.Json;

namespace Im.Node.Auth;

/// <summary>
/// The issuer's published keys, kept and looked at again: every five minutes, and when a token names a key that is not among
/// them, at most once in 30 s. When the issuer cannot be reached the keys that are known stay good.
/// </summary>
/// <param name="fetch">Asks the issuer; throws when it does not answer.</param>
internal sealed partial class JwksKeys(Func<Task<string>> fetch, TokenAudience audience, TimeProvider time, ILogger<JwksKeys> logger) : ITokenKeys
{
    public static readonly TimeSpan RefetchInterval = TimeSpan.FromSeconds(30);

    /// <summary>Until the first keys are there nobody can log in: they are asked for more often.</summary>
    public static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private JwksKeySet? _keys;
    private Task? _fetching;
    private long _fetchedAt;
    private long _triedAt;
    private bool _tried;
    private volatile bool _failed;   // the last question had no answer

    public IReadOnlyList<string> Algorithms => JwksKeySet.Algorithms;

    public ValueTask<KeyAnswer> FindAsync(string? keyId)
    {
        var keys = Volatile.Read(ref _keys);
        if (keys?.Find(keyId) is { } rules)
        {
            if (time.GetElapsedTime(Interlocked.Read(ref _fetchedAt)) > RefreshInterval) Fetch();
            return ValueTask.FromResult(new KeyAnswer(true, rules));
        }

        return Fetch() is { } fetching ? AwaitAsync(fetching, keyId) : ValueTask.FromResult(Answer(keyId));
    }

    /// <summary>A key that is not there is only known not to be there when the issuer has just said so.</summary>
    private KeyAnswer Answer(string? keyId)
    {
        var rules = Volatile.Read(ref _keys)?.Find(keyId);
        return new KeyAnswer(rules is not null || !_failed, rules);
    }

    private async ValueTask<KeyAnswer> AwaitAsync(Task fetching, string? keyId)
    {
        await fetching.ConfigureAwait(false);
        return Answer(keyId);
    }

    /// <summary>One question at a time, which all wait for.</summary>
    /// <returns>Null when it was asked too lately.</returns>
    private Task? Fetch()
    {
        lock (_gate)
        {
            if (_fetching is not null) return _fetching;
            if (_tried && time.GetElapsedTime(_triedAt) < (_keys is null ? FirstInterval : RefetchInterval)) return null;
            _tried = true;
            _triedAt = time.GetTimestamp();
            var fetching = Task.Run(FetchAsync);
            _fetching = fetching;
            return fetching;
        }
    }

    private async Task FetchAsync()
    {
        try
        {
            var keys = JwksKeySet.Parse(await fetch().ConfigureAwait(false), audience) ?? throw new JsonException("There is no usable key in it.");
            Volatile.Write(ref _keys, keys);
            Interlocked.Exchange(ref _fetchedAt, time.GetTimestamp());
            _failed = false;
            Fetched(logger, keys.Count);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or JsonException or IOException or InvalidOperationException)
        {
            _failed = true;
            FetchFailed(logger, failure.Message, Volatile.Read(ref _keys)?.Count ?? 0);
        }
        finally
        {
            lock (_gate) _fetching = null;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "The issuer has {Count} keys")]
    private static partial void Fetched(ILogger logger, int count);

    [LoggerMessage(2, LogLevel.Warning, "The issuer's keys cannot be had: {Reason} Known keys that stay good: {Count}")]
    private static partial void FetchFailed(ILogger logger, string reason, int count);
}
