namespace Im.Client.Push;

/// <summary>Options of an <see cref="ImPushClient"/>.</summary>
public sealed class ImPushClientOptions
{
    /// <summary>Base of the node's HTTP interface, such as <c>http://127.0.0.1:8080</c>.</summary>
    public Uri? Address { get; set; }

    /// <summary>An API key with the scopes of the calls.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Attempts of one call, the first included. 1 never repeats.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Bound of the first pause between attempts; it doubles up to <see cref="MaxPause"/>, and any time below it is taken.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause. A <c>Retry-After</c> of the server is followed up to this.</summary>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(35);
}
