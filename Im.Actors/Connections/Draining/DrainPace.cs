namespace Im.Actors.Connections.Draining;

/// <summary>How fast a node lets its connections go.</summary>
/// <param name="Within">The time of the last one is over within it; zero: all go at once.</param>
/// <param name="PerSecond">So many a second, or more when they would not all go within <paramref name="Within"/>.</param>
public sealed record DrainPace(TimeSpan Within, int PerSecond);
