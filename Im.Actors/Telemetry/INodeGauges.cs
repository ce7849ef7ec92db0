namespace Im.Actors.Telemetry;

/// <summary>What a node counts all the time and a scrape reads: cheap, thread-safe, no message to an actor.</summary>
public interface INodeGauges
{
    long Connections { get; }

    long LoggedIn { get; }

    long Sessions { get; }

    long Conversations { get; }

    /// <summary>Bytes that wait in outbound slots for slow readers.</summary>
    long EgressBacklogBytes { get; }

    /// <summary>Messages that wait in the ingress lanes.</summary>
    long IngressDepth { get; }
}
