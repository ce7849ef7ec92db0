namespace Im.Cli.Verify.Facts;

/// <summary>What somebody was told of a user.</summary>
/// <param name="State">ONLINE, OFFLINE or UNKNOWN.</param>
internal sealed record PresenceFact(string User, string State, long AtMs);
