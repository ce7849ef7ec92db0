namespace Im.Actors.Telemetry;

/// <summary>What a message store counts all the time and a scrape reads.</summary>
public interface IStoreGauges
{
    /// <summary>Appends that wait for their commit.</summary>
    long QueueDepth { get; }

    bool IsBreakerOpen { get; }
}
