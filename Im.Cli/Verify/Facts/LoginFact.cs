namespace Im.Cli.Verify.Facts;

/// <summary>One connection of a user who may have only one. Times are milliseconds of the run.</summary>
/// <param name="Try">What the login said; it grows with every login of the user, but for one that is stale on purpose.</param>
/// <param name="BegunMs">The connection attempt.</param>
internal sealed record LoginFact(string User, string Device, long Try, long BegunMs)
{
    /// <summary>The answer that let it in; null when there was none.</summary>
    public long? OnlineMs { get; set; }

    /// <summary>Closed, refused or given up; null while it lives.</summary>
    public long? EndedMs { get; set; }

    /// <summary>With what the server closed it; null when the client ended it or there was no close frame.</summary>
    public int? CloseCode { get; set; }

    /// <summary>The client went away on purpose.</summary>
    public bool IsLeft { get; set; }

    public override string ToString() => $"{Device} try {Try} (from {BegunMs} ms, {(OnlineMs is { } online ? $"online {online}" : "never online")}, {(EndedMs is { } ended ? $"ended {ended} with {CloseCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no code"}" : "alive")})";
}
