namespace Im.Actors.Downing;

/// <param name="Interval">Between two tries of a port.</param>
/// <param name="Tries">So many refusals in a row are an observation.</param>
/// <param name="Lifetime">So long it counts without being made again.</param>
internal sealed record RefusalSettings(TimeSpan Interval, int Tries, TimeSpan Lifetime)
{
    public static readonly RefusalSettings Default = new(TimeSpan.FromMilliseconds(150), 3, TimeSpan.FromSeconds(3));
}
