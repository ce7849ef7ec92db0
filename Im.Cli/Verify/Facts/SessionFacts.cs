namespace Im.Cli.Verify.Facts;

/// <summary>Logins of users with one connection each, and what was told of their presence.</summary>
/// <param name="Logins">In the order in which they began.</param>
/// <param name="Seen">What the watcher was told, in order.</param>
/// <param name="WatcherAway">When the watcher had no connection.</param>
/// <param name="Asked">What <c>queryOnline</c> answered in the peace at the end.</param>
/// <param name="EndMs">Until then this was noted.</param>
internal sealed record SessionFacts(
    IReadOnlyList<LoginFact> Logins, IReadOnlyList<PresenceFact> Seen, IReadOnlyList<AwayFact> WatcherAway, IReadOnlyList<PresenceFact> Asked, long EndMs)
{
    public static readonly SessionFacts None = new([], [], [], [], 0);
}
