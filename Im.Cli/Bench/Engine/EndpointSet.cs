namespace Im.Cli.Bench.Engine;

/// <summary>Where clients connect: one address, or several nodes among which they are spread.</summary>
/// <param name="All">At least one.</param>
internal sealed record EndpointSet(IReadOnlyList<Endpoint> All)
{
    public int Count => All.Count;

    /// <param name="addresses">As in <see cref="Endpoint.Resolve"/>.</param>
    /// <exception cref="BenchException">One of them cannot be used.</exception>
    public static EndpointSet Resolve(IEnumerable<Uri> urls, int addresses) => new([.. urls.Select(url => Endpoint.Resolve(url, addresses))]);

    public static implicit operator EndpointSet(Endpoint one) => new([one]);
}
