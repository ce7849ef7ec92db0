namespace Im.Node.Lifetime;

/// <summary>Lets go of what clients are connected to before anything is stopped.</summary>
internal interface INodeDrain
{
    /// <summary>
    /// Takes no newcomers, stops reading, answers what is in flight, flushes, then closes every connection, paced over
    /// <c>Im:Drain:Timeout</c>. Returns when all are gone; at once when there are none.
    /// </summary>
    /// <param name="cancellation">The time is over: close what is left now.</param>
    Task DrainAsync(CancellationToken cancellation);
}
